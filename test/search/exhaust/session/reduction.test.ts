/** What the model leaves out in a moment makes no difference to what the moment leaves behind. */
import { describe, expect, it } from 'vitest';
import { designByName } from '../../../../src/designs/all.ts';
import { exhaust } from '../../../../src/search/exhaust/exhaust.ts';
import type { Model } from '../../../../src/search/exhaust/model.ts';
import { gridFor } from '../../../../src/search/exhaust/session/source.ts';
import { FAULTS, type FaultKind } from '../../../../src/search/exhaust/session/scene.ts';
import { serverRuleOf } from '../../../../src/search/exhaust/session/server-rule.ts';
import { sessionModel, type SessionModel } from '../../../../src/search/exhaust/session/session-model.ts';
import { s1 } from '../../../../src/core/presets/s1.ts';
import { milliseconds, NO_TIME } from '../../../../src/core/time.ts';
import { LONG } from '../../../long.ts';
import { optionsFor } from './options.ts';
import { soldPerSymbol } from './two-symbols.ts';

const TICK = 0;

const SWEPT = soldPerSymbol({ ...s1, name: 'swept', cleanUp: { type: 'swept', every: milliseconds(30_000) } });

interface Row {
  readonly name: string;
  readonly kinds: readonly FaultKind[];
  readonly faults: number;
  readonly launcher: boolean;
  readonly symbols: number;
}

function modelOf({ name, kinds, faults, launcher, symbols }: Row): SessionModel {
  const design = name === SWEPT.name ? SWEPT : designByName(name);
  const grid = gridFor(design, optionsFor(kinds));
  const rule = serverRuleOf(design, grid.policy);
  return sessionModel({
    name,
    grid,
    rule,
    devices: 2,
    launcher,
    symbols,
    faults,
    kinds,
    allowed: NO_TIME,
    counts: ['overlap'],
  });
}

/** A state in words, its sessions named by the order in which they come; without answers that nobody heeds. */
function textOf({ scene, laws }: SessionModel, state: Uint8Array): string {
  const { rules, layout } = scene;
  const names = new Map<string, number>();
  const named = (device: number, name: string): string => {
    const key = `${device} ${name}`;
    if (!names.has(key)) names.set(key, names.size);
    return `#${names.get(key)}`;
  };
  const processes = scene.deviceOf.map((device, number) => {
    const { asleep, cut } = scene.partIn(state, number);
    const { agent, work, mail } = scene.processIn(state, number);
    const heeded = mail.filter((message) => rules.mail.isRequest(message) || !rules.isVoid(agent, message));
    const parts = [
      { asleep, cut, work },
      rules.agents.agent(heeded.length === 0 ? rules.agents.amongRequests(agent, 0) : agent),
      ...heeded.map((message) => rules.mail.message(message)),
    ];
    return JSON.stringify(parts).replaceAll(
      /"(session|otherwise)":"(\d)"/g,
      (_, field: string, name: string) => `${field} ${named(device, name)}`,
    );
  });
  const seat = JSON.stringify(rules.seats.seats(scene.seat(state))).replaceAll(
    /"id":"(.)(\d)"/g,
    (_, device: string, name: string) => named(device.charCodeAt(0) - 65, name),
  );
  const flags = [layout.faults, layout.sweep].map((at) => state[at]);
  const counted = laws.flatMap((law) => (law.type === 'maximum' ? [law.of(state)] : []));
  return [...processes, seat, flags.join(' '), counted.join(' ')].join('\n');
}

/** The states in which time can pass, of a search that does not end at what it finds. */
async function settledStates(model: SessionModel, search: Model): Promise<ReadonlySet<string>> {
  const settled = new Set<string>();
  await exhaust({
    ...search,
    laws: [],
    choices(state, into) {
      if (model.step(state.slice(), TICK)) settled.add(textOf(model, state));
      return search.choices?.(state, into) ?? 0;
    },
  });
  return settled;
}

function everything(this: void, _state: Uint8Array, into: Uint16Array): number {
  for (let action = 0; action < into.length; action++) into[action] = action;
  return into.length;
}

/**
 * Whose users know who has the license, a bit each, is taken out of a text: they can do all that others can, and it costs
 * nothing to ask.
 */
function withoutRefusals(text: string): { readonly text: string; readonly refused: number } {
  let refused = 0;
  const lines = text.split('\n').map((line, process) =>
    line.replace(/"refusedBy":\{"scope":\{.*?\},"term":\d+\}/, () => {
      refused |= 1 << process;
      return '"refusedBy":null';
    }),
  );
  return { text: lines.join('\n'), refused };
}

/** Of some states, those that others are not as good as. */
function notIn(states: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  const known = new Map<string, number[]>();
  for (const other of others) {
    const { text, refused } = withoutRefusals(other);
    known.set(text, [...(known.get(text) ?? []), refused]);
  }
  return [...states].filter((state) => {
    const { text, refused } = withoutRefusals(state);
    return !(known.get(text) ?? []).some((each) => (each & refused) === refused);
  });
}

describe('every moment leaves behind the same, whether or not all that can happen in it is tried in every order', () => {
  it.each<Row>([
    ...FAULTS.map((kind) => ({ name: 's0-after', kinds: [kind], faults: 1, launcher: false, symbols: 1 })),
    { name: 's3-after', kinds: FAULTS, faults: 1, launcher: true, symbols: 1 },
    { name: 's2-after', kinds: ['crash', 'stop'], faults: 1, launcher: false, symbols: 2 },
    ...(LONG
      ? [
          { name: 's0-after', kinds: FAULTS, faults: 1, launcher: true, symbols: 1 },
          { name: 's3-after', kinds: FAULTS, faults: 2, launcher: false, symbols: 1 },
          { name: 's2-after', kinds: FAULTS, faults: 1, launcher: false, symbols: 2 },
          { name: 's2-after', kinds: ['crash'], faults: 1, launcher: true, symbols: 2 } as const,
          { name: SWEPT.name, kinds: ['stop'], faults: 1, launcher: false, symbols: 2 } as const,
          ...FAULTS.map((kind) => ({ name: 'recommended', kinds: [kind], faults: 1, launcher: false, symbols: 1 })),
        ]
      : []),
  ])('$name with $faults of $kinds, launcher: $launcher, symbols: $symbols', async (row) => {
    // Which device comes first depends on the names of its sessions, which are not compared.
    const { symmetry: _symmetry, ...model } = modelOf(row);
    const reduced = await settledStates(model, model);
    const full = await settledStates(model, { ...model, forced: () => -1, choices: everything });
    expect(reduced.size).toBeGreaterThan(10);
    expect(notIn(full, reduced)).toEqual([]);
    expect([...reduced].filter((state) => !full.has(state))).toEqual([]);
  });
});

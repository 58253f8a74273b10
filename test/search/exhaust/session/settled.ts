/** What a moment of the session model leaves behind, in words, so that two searches of it can be compared. */
import type { Bounds } from '../../../../src/search/exhaust/bounds.ts';
import { exhaust } from '../../../../src/search/exhaust/exhaust.ts';
import type { Model } from '../../../../src/search/exhaust/model.ts';
import type { SessionModel } from '../../../../src/search/exhaust/session/session-model.ts';

const TICK = 0;

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
  return [...processes, seat, `faults ${flags.join(' ')}`, counted.join(' ')].join('\n');
}

/** The states in which time can pass, of a search that does not end at what it finds; null where it met a bound. */
async function settledStates(
  model: SessionModel,
  search: Model,
  bounds: Partial<Bounds> = {},
): Promise<ReadonlySet<string> | null> {
  const settled = new Set<string>();
  const { result } = await exhaust(
    {
      ...search,
      laws: [],
      choices(state, into) {
        if (model.step(state.slice(), TICK)) settled.add(textOf(model, state));
        return search.choices?.(state, into) ?? 0;
      },
    },
    bounds,
  );
  return result === 'inconclusive' ? null : settled;
}

/** In place of the choices of a model: whatever can happen. */
function everything(this: void, _state: Uint8Array, into: Uint16Array): number {
  for (let action = 0; action < into.length; action++) into[action] = action;
  return into.length;
}

/** What of a state can be had for nothing, or for a fault: it is taken out of its text. */
interface Had {
  readonly text: string;
  /** Whose users know who has the license, a bit each: it costs nothing to ask, and they can do all that others can. */
  readonly refused: number;
  /** The processes that are cut off, a bit each: until there is a message, they can as well be so later. */
  readonly cut: number;
  readonly faults: number;
}

function hadIn(state: string): Had {
  let [refused, cut, faults] = [0, 0, 0];
  const lines = state.split('\n').map((line, process) =>
    line
      .replace(/"refusedBy":\{"scope":\{.*?\},"term":\d+\}/, () => {
        refused |= 1 << process;
        return '"refusedBy":null';
      })
      .replace('"cut":true', () => {
        cut |= 1 << process;
        return '"cut":false';
      })
      .replace(/^faults (\d+)/, (_, left: string) => {
        faults = Number(left);
        return 'faults';
      }),
  );
  return { text: lines.join('\n'), refused, cut, faults };
}

/** Whether all that can come of a state can come of another one, too. */
function isAsGood(one: Had, other: Had): boolean {
  const spared = other.cut & ~one.cut;
  const count = [0, 1, 2].filter((process) => ((spared >> process) & 1) === 1).length;
  return (
    (one.refused & other.refused) === other.refused &&
    (one.cut & ~other.cut) === 0 &&
    one.faults >= other.faults + Math.min(count, 1)
  );
}

/** Of some states, those that others are not as good as: a fault that had no effect might as well not have been. */
function notIn(states: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  const known = new Map<string, Had[]>();
  for (const other of others) {
    const had = hadIn(other);
    known.set(had.text, [...(known.get(had.text) ?? []), had]);
  }
  return [...states].filter((state) => {
    const had = hadIn(state);
    return !(known.get(had.text) ?? []).some((each) => isAsGood(each, had));
  });
}

/** The states that a search leaves out which tries less than everything, and those that it should not have. */
export async function differences(
  model: SessionModel,
  bounds: Partial<Bounds> = {},
): Promise<{
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly settled: number;
} | null> {
  // Which device comes first depends on the names of its sessions, which are not compared.
  const { symmetry: _symmetry, ...plain } = model;
  // The larger search first: it is the one that meets the bound.
  const full = await settledStates(plain, { ...plain, forced: () => -1, choices: everything }, bounds);
  const reduced = full === null ? null : await settledStates(plain, plain, bounds);
  if (reduced === null || full === null) return null;
  return {
    missing: notIn(full, reduced),
    extra: [...reduced].filter((state) => !full.has(state)),
    settled: reduced.size,
  };
}

/** What the model leaves out in a moment makes no difference to what the moment leaves behind. */
import { describe, expect, it } from 'vitest';
import { designByName } from '../../../../src/designs/all.ts';
import { exhaust } from '../../../../src/search/exhaust/exhaust.ts';
import type { Model } from '../../../../src/search/exhaust/model.ts';
import { gridFor } from '../../../../src/search/exhaust/session/check.ts';
import { FAULTS, type FaultKind } from '../../../../src/search/exhaust/session/scene.ts';
import { serverRuleOf } from '../../../../src/search/exhaust/session/server-rule.ts';
import { sessionModel, type SessionModel } from '../../../../src/search/exhaust/session/session-model.ts';
import { NO_TIME } from '../../../../src/core/time.ts';
import { optionsFor } from './options.ts';

const TICK = 0;

function modelOf(name: string, kinds: readonly FaultKind[], launcher: boolean): SessionModel {
  const design = designByName(name);
  const grid = gridFor(design, optionsFor(kinds));
  const rule = serverRuleOf(design, grid.policy);
  return sessionModel({ name, grid, rule, devices: 2, launcher, faults: 1, kinds, allowed: NO_TIME, counts: [] });
}

/** The states in which time can pass, of a search that does not end at what it finds. */
async function settledStates(model: SessionModel, search: Model): Promise<ReadonlySet<string>> {
  const settled = new Set<string>();
  await exhaust({
    ...search,
    laws: [],
    choices(state, into) {
      if (model.step(state.slice(), TICK)) settled.add(Buffer.from(state).toString('hex'));
      return search.choices?.(state, into) ?? 0;
    },
  });
  return settled;
}

describe('every moment leaves behind the same, whether or not all that can happen in it is tried in every order', () => {
  it.each(
    ['recommended', 's0-after', 's1-after', 's3-after'].flatMap((name) =>
      FAULTS.map((kind) => ({ name, kind, launcher: false })),
    ),
  )('$name with $kind', async ({ name, kind, launcher }) => {
    const model = modelOf(name, [kind], launcher);
    const reduced = await settledStates(model, model);
    const { choices: _choices, forced: _forced, ...all } = model;
    const full = await settledStates(model, {
      ...all,
      choices(state: Uint8Array, into: Uint16Array) {
        void state;
        for (let action = 0; action < model.actions; action++) into[action] = action;
        return model.actions;
      },
    });
    expect(reduced.size).toBeGreaterThan(10);
    expect([...full].filter((state) => !reduced.has(state)).length).toBe(0);
    expect([...reduced].filter((state) => !full.has(state)).length).toBe(0);
  });
});

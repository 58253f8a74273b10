/** Every counterexample that was kept: its design still breaks what it broke, and the designs that are meant to keep every law do. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DESIGNS } from '../../src/designs/all.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import { designOf } from '../../src/scenario/design.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import { playInWorld } from '../../src/world/play.ts';
import type { Script } from '../../src/world/script.ts';
import type { Design } from '../../src/designs/design.ts';

const folder = import.meta.dirname;
const files = readdirSync(folder).filter((name) => name.endsWith('.scenario.ts'));
const kept = (await Promise.all(files.map((name) => loadScenarios(path.join(folder, name))))).flatMap((scenarios) =>
  scenarios.map(({ scenario }) => scenario),
);

const sound = DESIGNS.filter(
  ({ name, serve }) => serve !== null && (name === 'recommended' || name.endsWith('-repaired')),
);

const brokenBy = (script: Script, design: Design): readonly string[] =>
  judgeHistory(playInWorld(script, design)).flatMap(({ code, outcome }) => (outcome === 'broken' ? [code] : []));

describe('a counterexample', () => {
  it('is kept, and designs that keep every law are played against it', () => {
    expect(kept.length).toBeGreaterThan(0);
    expect(sound.map(({ name }) => name)).toEqual(expect.arrayContaining(['recommended', 's0-repaired']));
  });

  it.each(kept)('$script.title', (scenario) => {
    expect(scenario.breaks).not.toEqual([]);
    expect(brokenBy(scenario.script, designOf(scenario))).toEqual(scenario.breaks);
    expect(scenario.script.steps.length).toBeLessThanOrEqual(10);
  });

  it.each(sound)('breaks nothing of $name', (design) => {
    for (const { script } of kept) {
      const { policy } = design;
      const cast = script.cast.map((actor) => ({
        ...actor,
        client: actor.client === null ? null : design.client(actor),
      }));
      // Clocks that drift more than this policy declares would be another matter.
      const most = policy.clockDrift * 1e6;
      const clocks = script.surroundings.clocks.map((clock) => ({
        ...clock,
        drift: Math.max(-most, Math.min(most, clock.drift)),
      }));
      const stopTime = Math.min(script.surroundings.stopTime, policy.stopTime) as typeof policy.stopTime;
      // Where a license has one seat, that seat is meant whatever symbol is worked on.
      const steps = script.steps.map((step) => ({
        ...step,
        actions: step.actions.map((action) =>
          'scope' in action && policy.scope === 'license'
            ? { ...action, scope: { ...action.scope, symbol: '' } }
            : action,
        ),
      }));
      const own = { ...script, policy, cast, steps, surroundings: { ...script.surroundings, clocks, stopTime } };
      expect({ title: script.title, broken: brokenBy(own, design) }).toEqual({ title: script.title, broken: [] });
    }
  });
});

/** The reference design under random commands: what a policy breaks by its nature is found broken, and nothing else ever is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/core/policy.ts';
import { PRESETS } from '../../src/core/presets/index.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import { countReached, REACH_GOALS } from '../../src/laws/reach.ts';
import type { History } from '../../src/history/history.ts';
import { delayed, play, policies, steps } from './random-history.ts';
import { seed } from '../seed.ts';

const RUNS_PER_PRESET = 250;
const RUNS_OF_RANDOM_POLICIES = 1_200;

/** Half of the time requests arrive at once, so that the boundaries are met exactly. */
const delays = fc.oneof(fc.constant([0]), fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 8 }));

/** What each preset breaks by its nature, on the server's side alone. */
const BROKEN_BY_NATURE: Readonly<Record<string, readonly string[]>> = {
  recommended: [],
  s0: ['P17', 'P19'],
  s1: [],
  s2: ['P17', 'P19', 'P21'],
  s3: ['P13', 'P17', 'P19'],
  's3-rollback': ['P13', 'P17', 'P19'],
};

/** The laws that a policy may break by its nature, from its knobs. */
function mayBreak(policy: Policy): readonly string[] {
  const revives = policy.lateHeartbeat === 'revive';
  const perSymbol = policy.scope === 'license-and-symbol';
  return [
    // A device that is refused waits for itself.
    ...(policy.sameDevice === 'refuse' ? ['P13'] : []),
    // Past the boundary a heartbeat finds the session live and a start does not, unless both wait for a job.
    ...(revives && policy.cleanUp.type === 'lazy' ? ['P17', 'P19'] : []),
    // The license of the test that has two symbols.
    ...(perSymbol && policy.licenseLimit < 2 ? ['P21'] : []),
  ];
}

/** Laws about clients, clocks, effects and several stores, of which random commands alone show nothing. */
const NEEDS_A_WORLD: readonly string[] = ['P2', 'P3', 'P8', 'P10', 'P18', 'P23'];

function brokenIn(history: History): readonly string[] {
  return judgeHistory(history)
    .filter(({ outcome }) => outcome === 'broken')
    .map(({ code }) => code);
}

describe('random commands under each preset', () => {
  test.each(PRESETS.map(({ policy }) => [policy.name, policy] as const))('%s', (name, policy) => {
    const expected = BROKEN_BY_NATURE[name] ?? [];
    expect(mayBreak(policy)).toEqual(expected);
    const found = new Set<string>();
    fc.assert(
      fc.property(steps, (script) => {
        const broken = brokenIn(play(policy, script));
        broken.forEach((code) => found.add(code));
        expect(broken.filter((code) => !expected.includes(code))).toEqual([]);
      }),
      { seed, numRuns: RUNS_PER_PRESET },
    );
    expect([...found].sort(), `seed ${seed}`).toEqual([...expected].sort());
  });
});

test('random commands under random policies break only what the knobs explain', () => {
  const tested = new Map<string, number>();
  const reached = new Map<string, number>();
  fc.assert(
    fc.property(policies, steps, delays, (policy, script, delay) => {
      const history = delayed(play(policy, script), delay);
      const verdicts = judgeHistory(history);
      for (const { code, tested: times } of verdicts) tested.set(code, (tested.get(code) ?? 0) + times);
      for (const [name, times] of countReached(history)) reached.set(name, (reached.get(name) ?? 0) + times);
      const broken = verdicts.filter(({ outcome }) => outcome === 'broken').map(({ code }) => code);
      const allowed = mayBreak(policy);
      expect(broken.filter((code) => !allowed.includes(code))).toEqual([]);
    }),
    { seed, numRuns: RUNS_OF_RANDOM_POLICIES },
  );
  // A run that never put a law to the test proves nothing about it.
  for (const [code, times] of tested) {
    if (NEEDS_A_WORLD.includes(code)) expect(times, `${code} was tested without a world`).toBe(0);
    else expect(times, `${code} was never tested, seed ${seed}`).toBeGreaterThan(0);
  }
  for (const { name } of REACH_GOALS.filter(({ needs }) => needs !== 'clients'))
    expect(reached.get(name), `${name} was never reached, seed ${seed}`).toBeGreaterThan(0);
});

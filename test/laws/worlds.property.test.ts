/** No false alarm: whatever happens to the reference design in a world, only laws that the world can break look broken. */
import { describe, expect, test } from 'vitest';
import { recommended } from '../../src/core/presets/recommended.ts';
import type { Policy } from '../../src/core/policy.ts';
import { minutes } from '../../src/core/time.ts';
import { referenceDesign } from '../../src/designs/reference.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import { scriptOfRun } from '../../src/search/campaign/draws.ts';
import { ALL_FAULTS, DEFAULT_FAULTS, type FaultName } from '../../src/search/campaign/fault-kinds.ts';
import { playInWorld } from '../../src/world/play.ts';
import { seed } from '../seed.ts';

const RUNS = 400;

/** What a policy keeps of these is not for the laws' own tests to say. */
const UP_TO_THE_POLICY = ['P2', 'P10', 'P18'];

const SWEPT: Policy = { ...recommended, name: 'swept', cleanUp: { type: 'swept', every: minutes(1) } };

const CASES: readonly (readonly [
  what: string,
  policy: Policy,
  faults: readonly FaultName[],
  broken: readonly string[],
])[] = [
  ['everything that happens in the field', recommended, DEFAULT_FAULTS, []],
  ['a store whose clock is set, too', recommended, ALL_FAULTS, []],
  ['a job that clears', SWEPT, DEFAULT_FAULTS, ['P17']],
];

describe('the reference design in a world with', () => {
  test.each(CASES)('%s', (_what, policy, faults, broken) => {
    const design = referenceDesign(policy, 'under test');
    for (let run = 0; run < RUNS; run += 1) {
      const history = playInWorld(scriptOfRun(design, { seed: seed >>> 0, faults, devices: null }, run), design);
      const found = judgeHistory(history)
        .filter(
          ({ code, outcome }) => outcome === 'broken' && !UP_TO_THE_POLICY.includes(code) && !broken.includes(code),
        )
        .map(({ code, findings }) => `${code}: ${findings[0]?.message}`);
      expect(found, `run ${run}, seed ${seed}`).toEqual([]);
    }
  });
});

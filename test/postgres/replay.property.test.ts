/** What took effect in random worlds, done again on a real Postgres: every reply and every row is the same. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PRESETS } from '../../src/core/presets/index.ts';
import { referenceDesign } from '../../src/designs/reference.ts';
import { deployPostgres } from '../../src/postgres/deployment.ts';
import { openSchema, type PostgresSchema } from '../../src/postgres/schema.ts';
import { setsStoreBack } from '../../src/scenario/design.ts';
import { replay } from '../../src/scenario/replay.ts';
import { ALL_FAULTS } from '../../src/search/campaign/fault-kinds.ts';
import { scriptOfRun } from '../../src/search/campaign/draws.ts';
import { LONG } from '../long.ts';
import { seed } from '../seed.ts';
import { sharedServer } from './shared-server.ts';

const RUNS = LONG ? 1_000 : 60;

let schema: PostgresSchema;
beforeAll(async () => {
  schema = await openSchema(await sharedServer());
});
afterAll(() => schema.close());

const worlds = fc
  .record({
    policy: fc.constantFrom(...PRESETS.map((preset) => preset.policy)),
    draws: fc.record({ seed: fc.nat(), devices: fc.constant(null), faults: fc.constant(ALL_FAULTS) }),
    run: fc.nat(1_000),
  })
  .map(({ policy, draws, run }) => {
    const design = referenceDesign(policy, 'a preset');
    return { design, script: scriptOfRun(design, draws, run) };
  })
  .filter(({ script }) => !setsStoreBack(script));

test('the SQL does what the store of a world did', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async ({ design, script }) => {
      const deployment = await deployPostgres(schema, design.policy);
      const { difference } = await replay(script, design, deployment);
      expect(difference).toBeNull();
    }),
    { seed, numRuns: RUNS },
  );
});

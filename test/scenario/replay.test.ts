/** What took effect in a world, done again on a deployment: the same where that follows the same rules, and told where not. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { recommended } from '../../src/core/presets/recommended.ts';
import { PRESETS } from '../../src/core/presets/index.ts';
import { referenceDesign } from '../../src/designs/reference.ts';
import { at, client, expect as looks, network, scenario, store, working, type Scenario } from '../../src/index.ts';
import { effectsIn, replay } from '../../src/scenario/replay.ts';
import { ALL_FAULTS } from '../../src/search/campaign/fault-kinds.ts';
import { scriptOfRun } from '../../src/search/campaign/draws.ts';
import type { Deployment } from '../../src/service/port.ts';
import { deployModel } from '../../src/service/reference.ts';
import { playInWorld } from '../../src/world/play.ts';
import { seed } from '../seed.ts';

const design = referenceDesign(recommended, 'the reference');

/** A start whose answer is lost, so that the next attempt takes effect as well; then a store that does not tell, and one that fails. */
const { script }: Scenario = scenario({
  title: 'a test',
  policy: recommended,
  latency: '40ms',
  storeLatency: '5ms',
  cast: { laptop: client('laptop') },
  steps: ({ laptop }) => [
    at('0s', network.cuts(laptop, { messages: 'answers', for: '1s' })),
    at('0s', laptop.starts()),
    at('24s', store.fails('outcome-unknown', { for: '3s' })),
    at('44s', store.fails('outage', { for: '3s' })),
    at('51s', looks(working(laptop))),
  ],
});

const told = ({ command, now }: { readonly command: { readonly type: string }; readonly now: number }): string =>
  `${now / 1000}s ${command.type}`;

describe('the effects in a world', () => {
  it('are those that its store had, answered or not, and none that it refused', () => {
    const { effects } = effectsIn(script, design);
    expect(effects.map(told)).toEqual([
      '0.045s start',
      '5.045s start',
      '25.045s heartbeat',
      '30.045s heartbeat',
      '50.045s heartbeat',
    ]);
  });

  it('are watched without a trace', () => {
    expect(effectsIn(script, design).history).toEqual(playInWorld(script, design));
  });

  it('end each with what the store then held', () => {
    const { effects } = effectsIn(script, design);
    expect(effects.map(({ rows }) => rows[0]?.seat.latest?.standing)).toEqual(
      [45, 5_045, 25_045, 30_045, 50_045].map((lastHeartbeat) => ({ type: 'held', lastHeartbeat })),
    );
  });
});

describe('a replay', () => {
  it('finds nothing where the deployment follows the same rules', async () => {
    const { difference, history } = await replay(script, design, deployModel(recommended));
    expect(difference).toBeNull();
    expect(history.on).toBe('model');
  });

  it('tells the first reply that differs', async () => {
    const { difference } = await replay(script, design, deployModel({ ...recommended, timeout: 61_000 as never }));
    expect(difference).toMatchObject({ title: 'model differs from the model', at: 45 });
    expect(difference?.message).toMatch(
      /^the start at 0\.045s of the store's clock is answered granted \(term 1\) on both, but with expiry 60\.045s on the model, 61\.045s on model/,
    );
  });

  it('tells the first row that differs', async () => {
    const right = deployModel(recommended);
    const forgetful = Object.create(right, { held: { value: () => [] } }) as Deployment;
    const { difference } = await replay(script, design, forgetful);
    expect(difference?.message).toBe('after 0.045s, the seat of L1 is there on the model, but not on model');
  });

  test('agrees with the model whatever happened in the world', async () => {
    const runs = fc.record({
      policy: fc.constantFrom(...PRESETS.map((preset) => preset.policy)),
      draws: fc.record({ seed: fc.nat(), devices: fc.constant(null), faults: fc.constant(ALL_FAULTS) }),
      run: fc.nat(1_000),
    });
    await fc.assert(
      fc.asyncProperty(runs, async ({ policy, draws, run }) => {
        const reference = referenceDesign(policy, 'a preset');
        const { difference } = await replay(scriptOfRun(reference, draws, run), reference, deployModel(policy));
        expect(difference).toBeNull();
      }),
      { seed, numRuns: 200 },
    );
  });
});

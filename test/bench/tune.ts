/** How fast the closed forms of a grid are, and how many heartbeats are simulated, on one core and on all. */
import { seconds } from '../../src/core/time.ts';
import { readLatency } from '../../src/tune/conditions/read-latency.ts';
import { USUAL, type Conditions } from '../../src/tune/conditions/conditions.ts';
import { gridOf } from '../../src/tune/forms/figures.ts';
import { ready } from '../../src/tune/forms/latency.ts';
import { openPool } from '../../src/tune/simulate/pool.ts';
import { doPiece, type Piece } from '../../src/tune/simulate/piece.ts';
import { measure, type Figure } from './figure.ts';

const HEARTBEATS = 4_000_000;

export async function benchTune(): Promise<readonly Figure[]> {
  await ready;
  const lognormal: Conditions = { ...USUAL, latency: readLatency('lognormal(p50=80ms, p99=900ms)', '') };
  const heartbeats = Array.from({ length: 50 }, (_, index) => seconds(5 + index));
  const timeouts = Array.from({ length: 50 }, (_, index) => seconds(60 + 2 * index));
  const grid = (name: string, conditions: Conditions): Promise<Figure> =>
    measure(
      { name: `tune: closed forms of 50 × 50 pairs, ${name}`, unit: 's', promised: 1, better: 'lower' },
      5,
      async () => {
        const begun = performance.now();
        if (gridOf(heartbeats, timeouts, conditions).length !== 2500) throw new Error('every pair makes sense');
        return (performance.now() - begun) / 1000;
      },
    );

  const piece = (conditions: Conditions, number: number): Piece => ({
    pair: { heartbeat: seconds(20), timeout: seconds(60) },
    conditions,
    fence: null,
    method: 'plain',
    seed: 1,
    cell: 0,
    number,
    heartbeats: HEARTBEATS,
  });
  const oneCore = (name: string, conditions: Conditions, promised: number | null): Promise<Figure> =>
    measure(
      { name: `tune: simulated on one core, ${name}`, unit: 'heartbeats/s', promised, better: 'higher' },
      5,
      async () => {
        const begun = performance.now();
        await doPiece(piece(conditions, 0));
        return HEARTBEATS / ((performance.now() - begun) / 1000);
      },
    );

  const pool = openPool();
  try {
    const allCores = await measure(
      {
        name: `tune: simulated on ${pool.workers} cores, lognormal latencies`,
        unit: 'heartbeats/s',
        promised: null,
        better: 'higher',
      },
      5,
      async () => {
        const begun = performance.now();
        await Promise.all(
          Array.from({ length: 4 * pool.workers }, (_, number) => pool.doPiece(piece(lognormal, number))),
        );
        return (4 * pool.workers * HEARTBEATS) / ((performance.now() - begun) / 1000);
      },
    );
    const bursty: Conditions = {
      ...lognormal,
      loss: { type: 'gilbert-elliott', good: 0.001, bad: 0.5, goodFor: 600_000, badFor: 12_000 },
      retries: 2,
    };
    return [
      await grid('exponential latencies', USUAL),
      await grid('lognormal latencies', lognormal),
      await grid('lognormal latencies, swept', { ...lognormal, sweep: seconds(300) }),
      await oneCore('lognormal latencies', lognormal, 10_000_000),
      await oneCore('bursty loss and retries', bursty, 10_000_000),
      allCores,
    ];
  } finally {
    await pool.close();
  }
}

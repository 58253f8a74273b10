/** How many of some fresh seeds find each design that breaks a law, and how long that takes with the default settings. */
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { DESIGNS } from '../../src/designs/all.ts';
import { campaign } from '../../src/search/campaign/campaign.ts';
import { DEFAULT_FAULTS } from '../../src/search/campaign/fault-kinds.ts';
import { beginThreads } from '../../src/search/campaign/threads.ts';
import { SEEDS } from '../../src/service/random.ts';
import { figureOf, medianOf, type Figure } from './figure.ts';

/** As `seatproof campaign` has it. */
const RUNS = 10_000;

const SEEDS_TRIED = Number(process.env['SEATPROOF_BENCH_SEEDS'] ?? 20);

export async function benchSearch(): Promise<readonly Figure[]> {
  const slowest: number[] = [];
  const all: number[] = [];
  for (const { name } of DESIGNS) {
    if (name === 'recommended' || name.endsWith('-repaired')) continue;
    const crew = beginThreads({ source: { type: 'named', name }, server: null }, availableParallelism());
    const [seconds, steps, codes]: [number[], number[], Map<string, number>] = [[], [], new Map()];
    for (let tried = 0; tried < SEEDS_TRIED; tried += 1) {
      const begun = performance.now();
      const draws = { seed: randomInt(SEEDS), faults: DEFAULT_FAULTS, devices: null };
      const { counterexamples } = await campaign({ draws, first: 1, runs: RUNS, untilBroken: true }, crew);
      const [found] = counterexamples;
      if (found === undefined) continue;
      seconds.push((performance.now() - begun) / 1000);
      steps.push(found.shown?.script.steps.length ?? 0);
      codes.set(found.code, (codes.get(found.code) ?? 0) + 1);
    }
    await crew.close();
    all.push(...seconds);
    slowest.push(Math.max(...seconds));
    const by = [...codes].sort((a, b) => b[1] - a[1]).map(([code, count]) => `${code} ×${count}`);
    process.stderr.write(
      `${name.padEnd(24)} ${seconds.length} of ${SEEDS_TRIED} seeds; median ${medianOf(seconds).toFixed(1)} s, ` +
        `slowest ${Math.max(...seconds).toFixed(1)} s; at most ${Math.max(...steps)} steps; ${by.join(', ')}\n`,
    );
  }
  const about = { unit: 's', better: 'lower' } as const;
  return [
    figureOf({ ...about, name: 'campaign: a design that breaks is found', promised: 5 }, all),
    figureOf({ ...about, name: 'campaign: slowest', promised: 60 }, [Math.max(...slowest)]),
  ];
}

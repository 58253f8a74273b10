/** One run of a campaign: generated from its number, played, and judged. */
import fc from 'fast-check';
import type { Design } from '../../designs/design.ts';
import { randomFrom } from '../../service/random.ts';
import type { Script } from '../../world/script.ts';
import { anyScript } from './any-script.ts';
import type { FaultName } from './fault-kinds.ts';
import { drawSetting } from './setting.ts';
import { subSeed } from './sub-seed.ts';

/** What a campaign draws its runs from. */
export interface Draws {
  readonly seed: number;
  readonly faults: readonly FaultName[];
  /** Null where each run draws how many. */
  readonly devices: number | null;
}

/** The Scripts of a run, to be generated or shrunk: the same for the same draws and number. */
export function scriptsOf(subject: Pick<Design, 'policy' | 'client'>, draws: Draws, run: number): fc.Arbitrary<Script> {
  return anyScript(drawSetting(subject, draws.faults, draws.devices, randomFrom(subSeed(draws.seed, run))));
}

/** The Script of a run. */
export function scriptOfRun(subject: Pick<Design, 'policy' | 'client'>, draws: Draws, run: number): Script {
  const [script] = fc.sample(scriptsOf(subject, draws, run), { seed: seedOf(draws, run), numRuns: 1 });
  if (script === undefined) throw new Error('fast-check sampled nothing');
  return script;
}

/** fast-check's seeds are signed. */
export function seedOf({ seed }: Draws, run: number): number {
  return subSeed(seed, run) | 0;
}

/** The Script of each run of a campaign: generated from the number of the run and the seed, and shrunk by fast-check. */
import fc from 'fast-check';
import { randomFrom } from '../../service/random.ts';
import type { Script } from '../../world/script.ts';
import { anyScript } from './any-script.ts';
import type { FaultName } from './fault-kinds.ts';
import { drawSetting, type Subject } from './setting.ts';
import { subSeed } from './sub-seed.ts';

/** What a campaign draws its runs from. */
export interface Draws {
  readonly seed: number;
  readonly faults: readonly FaultName[];
  /** Null where each run draws how many. */
  readonly devices: number | null;
}

export function scriptOfRun(subject: Subject, draws: Draws, run: number): Script {
  const [script] = fc.sample(anyScriptOf(subject, draws, run), { seed: seedOf(draws, run), numRuns: 1 });
  if (script === undefined) throw new Error('fast-check sampled nothing');
  return script;
}

/**
 * The smallest Script that fast-check comes to from that of the run, as long as `fails`; and how many it played. At most
 * `most` are played.
 */
export async function shrinkRun(
  subject: Subject,
  draws: Draws,
  run: number,
  fails: (script: Script) => Promise<boolean>,
  most: number,
): Promise<{ readonly script: Script; readonly played: number }> {
  let smallest: Script | null = null;
  let played = 0;
  const property = fc.asyncProperty(anyScriptOf(subject, draws, run), async (script) => {
    // What passes is not shrunk any further, so this brings the search to its end.
    if (played >= most) return true;
    played += 1;
    if (!(await fails(script))) return true;
    smallest = script;
    return false;
  });
  await fc.check(property, { seed: seedOf(draws, run), numRuns: 1 });
  return { script: smallest ?? scriptOfRun(subject, draws, run), played };
}

function anyScriptOf(subject: Subject, draws: Draws, run: number): fc.Arbitrary<Script> {
  return anyScript(drawSetting(subject, draws.faults, draws.devices, randomFrom(subSeed(draws.seed, run))));
}

/** fast-check's seeds are signed. */
function seedOf({ seed }: Draws, run: number): number {
  return subSeed(seed, run) | 0;
}

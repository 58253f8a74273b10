/** A campaign: runs dealt out to workers in their order, then the smallest counterexample to each law that broke. */
import { bySeverity } from '../../laws/severity.ts';
import type { Chunk } from './chunk.ts';
import type { Counterexample, Replayed, Unrepeated } from './counterexample.ts';
import type { Draws } from './draws.ts';
import type { Script } from '../../world/script.ts';
import { addTally, emptyTally, hasBroken, type Tally } from './tally.ts';

/** The workers that play the runs. */
export interface Crew {
  /** How many tasks it does at once. */
  readonly size: number;
  play(chunk: Chunk): Promise<Tally>;
  /** Shrinks a run that broke this code. A design that does not finish is found under the code `hung`. */
  findCounterexample(draws: Draws, run: number, code: string): Promise<Replayed>;
  /** Whether a Script breaks this code in a new thread, in which the design has played nothing yet. */
  breaksAnew(script: Script, code: string): Promise<boolean>;
}

export interface CampaignPlan {
  readonly draws: Draws;
  /** The first run, from 1, and how many. */
  readonly first: number;
  readonly runs: number;
  /** Whether to end with the first run that breaks something that is not expected to break. */
  readonly untilBroken: boolean;
  /** Codes of laws that the design declares to break. */
  readonly expected?: readonly string[];
}

export interface CampaignWatch {
  /** Called after each stretch, with the tally of all that were played. */
  readonly onProgress?: (tally: Tally) => void;
  /** Whether to begin no further run. */
  readonly isOver?: () => boolean;
  /** Called when shrinking begins for a code, the `number`-th, from 1, of `total`. */
  readonly onShrinking?: (code: string, number: number, total: number) => void;
  /** Called with each code that is done. */
  readonly onReplayed?: (replayed: Replayed) => void;
}

export interface CampaignResult {
  /** Of all runs from the first to the last one that counts, without a gap. */
  readonly tally: Tally;
  /** One for each code that broke and breaks again when it is replayed, the worst first. */
  readonly counterexamples: readonly Counterexample[];
  /** The codes that broke in a run and in no replay, the worst first. */
  readonly unrepeated: readonly Unrepeated[];
}

/** Long enough that handing it out costs nothing, short enough that the end of a campaign is soon noticed. */
const CHUNK = 25;

/** The result depends on the plan and the design, not on how many workers there are or which of them is faster. */
export async function campaign(plan: CampaignPlan, crew: Crew, watch: CampaignWatch = {}): Promise<CampaignResult> {
  const tally = await playAll(plan, crew, watch);
  return { tally, ...worstFirst(await replayAll(plan.draws, tally, crew, watch)) };
}

/** What repeats and what does not, each with the worst first. */
export function worstFirst(replayed: readonly Replayed[]): Pick<CampaignResult, 'counterexamples' | 'unrepeated'> {
  const sorted = replayed.toSorted((a, b) => bySeverity(a.code, b.code));
  return {
    counterexamples: sorted.filter((each) => each.type === 'found'),
    unrepeated: sorted.filter((each) => each.type === 'unrepeated'),
  };
}

async function playAll(plan: CampaignPlan, crew: Crew, { onProgress, isOver }: CampaignWatch): Promise<Tally> {
  const { draws, first, runs, untilBroken, expected = [] } = plan;
  const done = new Map<number, Tally>();
  const progress = emptyTally();
  let next = 0;
  let end = Math.ceil(runs / CHUNK);
  const work = async (): Promise<void> => {
    while (next < end && isOver?.() !== true) {
      const index = next++;
      const from = first + index * CHUNK;
      const to = Math.min(from + CHUNK, first + runs) - 1;
      const tally = await crew.play({ draws, from, to, untilBroken, expected });
      done.set(index, tally);
      // Each run that a design does not finish costs seconds, and a design that loops mostly does so in most runs.
      const isLast = tally.lost !== null || (untilBroken && hasBroken(tally, expected));
      if (isLast) end = Math.min(end, index + 1);
      addTally(progress, tally);
      onProgress?.(progress);
    }
  };
  await Promise.all(Array.from({ length: crew.size }, work));
  const tally = emptyTally();
  for (const [index, chunk] of [...done].sort(([a], [b]) => a - b)) if (index < end) addTally(tally, chunk);
  return tally;
}

/** The worst code is shrunk first, so that an interruption loses the least. */
async function replayAll(
  draws: Draws,
  { broken, unsteady }: Tally,
  crew: Crew,
  { onShrinking, onReplayed }: CampaignWatch,
): Promise<readonly Replayed[]> {
  const codes = Object.keys(broken).sort(bySeverity);
  const replayed: Replayed[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < codes.length) {
      const code = codes[next++] as string;
      onShrinking?.(code, next, codes.length);
      const one = await replayOne(draws, code, broken[code]?.first ?? [], crew, unsteady !== null);
      replayed.push(one);
      onReplayed?.(one);
    }
  };
  await Promise.all(Array.from({ length: crew.size }, work));
  return replayed;
}

/**
 * Shrinks the first of these runs. Where that meets a bound or does not repeat, the next one may do better. A design that
 * is not deterministic may owe a breach to the runs that its thread played before, so it has to break `anew`.
 */
async function replayOne(
  draws: Draws,
  code: string,
  runs: readonly number[],
  crew: Crew,
  anew: boolean,
): Promise<Replayed> {
  let best: Replayed = { type: 'unrepeated', code, run: runs[0] ?? 0, in: 'thread' };
  for (const run of runs) {
    const replayed = await crew.findCounterexample(draws, run, code);
    // The design hung while a Script was shrunk that broke something else.
    if (replayed.type !== 'found' || replayed.code !== code) continue;
    if (anew && replayed.shown !== null && !(await crew.breaksAnew(replayed.shown.script, code))) {
      if (best.type === 'unrepeated' && best.in === 'thread')
        best = { type: 'unrepeated', code, run, in: 'new-thread' };
      continue;
    }
    if (replayed.complete || replayed.shown === null) return replayed;
    if (best.type === 'unrepeated' || lengthOf(replayed) < lengthOf(best)) best = replayed;
  }
  return best;
}

function lengthOf({ shown }: Counterexample): number {
  return shown?.script.steps.length ?? Infinity;
}

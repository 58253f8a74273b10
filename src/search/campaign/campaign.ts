/** A campaign: runs dealt out to workers in their order, until something broke, all are done, or time is up. */
import type { Chunk } from './chunk.ts';
import type { Counterexample } from './counterexample.ts';
import type { Draws } from './draws.ts';
import { addTally, emptyTally, type Tally } from './tally.ts';

/** Who plays the runs. */
export interface Crew {
  /** How many it does at once. */
  readonly size: number;
  play(chunk: Chunk): Promise<Tally>;
  findCounterexample(draws: Draws, run: number, code: string | null): Promise<Counterexample>;
}

export interface CampaignPlan {
  readonly draws: Draws;
  /** The first run, from 1, and how many. */
  readonly first: number;
  readonly runs: number;
  /** Whether it ends with the first run that breaks something, or goes on and looks for all that breaks. */
  readonly untilBroken: boolean;
}

export interface CampaignWatch {
  /** Told of each stretch that is done. */
  readonly onProgress?: (tally: Tally) => void;
  /** Whether to begin no further run: time is up, or somebody asked for an end. */
  readonly isOver?: () => boolean;
}

export interface CampaignResult {
  /** Of all runs from the first to the last one that counts, without a gap. */
  readonly tally: Tally;
  /** One for each code that broke, or of the first run that broke something the first; in order of their runs. */
  readonly counterexamples: readonly Counterexample[];
}

/** Long enough that handing it out costs nothing, short enough that an end is heard of soon. */
const CHUNK = 25;

/**
 * The result depends on the plan and the design, not on how many work on it: stretches count from the first to the one with
 * the first run that broke something, whichever came back first.
 */
export async function campaign(plan: CampaignPlan, crew: Crew, watch: CampaignWatch = {}): Promise<CampaignResult> {
  const tally = await playAll(plan, crew, watch);
  const firsts = Object.entries(tally.broken).map(([code, { first }]) => ({ code, first }));
  const wanted = plan.untilBroken ? firsts.slice(0, 1).map(({ first }) => ({ code: null, first })) : firsts;
  const found = await Promise.all(
    wanted
      .toSorted((a, b) => a.first - b.first)
      .map(({ code, first }) => crew.findCounterexample(plan.draws, first, code)),
  );
  return { tally, counterexamples: found };
}

async function playAll(plan: CampaignPlan, crew: Crew, { onProgress, isOver }: CampaignWatch): Promise<Tally> {
  const { draws, first, runs, untilBroken } = plan;
  const done = new Map<number, Tally>();
  const progress = emptyTally();
  let next = 0;
  let end = Math.ceil(runs / CHUNK);
  const work = async (): Promise<void> => {
    while (next < end && isOver?.() !== true) {
      const index = next++;
      const from = first + index * CHUNK;
      const to = Math.min(from + CHUNK, first + runs) - 1;
      const tally = await crew.play({ draws, from, to, untilBroken });
      done.set(index, tally);
      if (untilBroken && Object.keys(tally.broken).length > 0) end = Math.min(end, index + 1);
      addTally(progress, tally);
      onProgress?.(progress);
    }
  };
  await Promise.all(Array.from({ length: crew.size }, work));
  const tally = emptyTally();
  for (const [index, chunk] of [...done].sort(([a], [b]) => a - b)) if (index < end) addTally(tally, chunk);
  return tally;
}

/** A crew of worker threads. One that does not come back from a run is ended, and the run is said to hang. */
import type { Crew } from './campaign.ts';
import { designFinding } from './breaches.ts';
import type { Chunk } from './chunk.ts';
import type { Counterexample } from './counterexample.ts';
import type { Measures } from '../compare/measure.ts';
import { HUNG, Lane } from './lane.ts';
import type { PlayerSource } from './worker.ts';
import { addHungRun, addTally, emptyTally, hasBroken, type Tally } from './tally.ts';

export interface Threads extends Crew {
  /** Null where it did not come back. */
  measure(seed: number): Promise<Measures | null>;
  /** Ends all of them, whatever they are at. */
  close(): Promise<void>;
}

/** Of processor time, or of waiting for nothing to come. */
export interface Patience {
  /** For a stretch of runs; it takes a tenth of a second. */
  readonly stretchMs: number;
  /** For one run, once a stretch did not come back. */
  readonly runMs: number;
  /** For making a counterexample small. */
  readonly findMs: number;
}

const PATIENCE: Patience = { stretchMs: 5_000, runMs: 2_000, findMs: 120_000 };
/** A statement on a real server takes about a millisecond, and a run has a hundred of them. */
const ON_DATABASE: Patience = { stretchMs: 60_000, runMs: 10_000, findMs: 600_000 };

export function beginThreads(
  source: PlayerSource,
  size: number,
  patience: Patience = source.server === null ? PATIENCE : ON_DATABASE,
): Threads {
  const lanes = Array.from({ length: size }, () => new Lane(source));
  const idle = [...lanes];
  const waiting: ((lane: Lane) => void)[] = [];
  const withLane = async <T>(use: (lane: Lane) => Promise<T>): Promise<T> => {
    const lane = idle.pop() ?? (await new Promise<Lane>((resolve) => waiting.push(resolve)));
    try {
      return await use(lane);
    } finally {
      const next = waiting.shift();
      if (next === undefined) idle.push(lane);
      else next(lane);
    }
  };
  const hung = new Set<number>();
  return {
    size,
    play: (chunk) => withLane((lane) => playWithin(lane, chunk, patience, (run) => hung.add(run))),
    findCounterexample: (draws, run, code) =>
      withLane(async (lane) => {
        if (hung.has(run)) return hangingRun(run, patience);
        const found = await lane.do({ type: 'find', draws, run, code }, patience.findMs);
        return found === HUNG ? hangingRun(run, patience) : found;
      }),
    breaksAnew: (script, code) =>
      withLane(async (lane) => {
        // The next task begins a new thread, which imports the module of the design anew.
        await lane.close();
        return (await lane.do({ type: 'replay', script, code }, patience.findMs)) === true;
      }),
    measure: (seed) =>
      withLane(async (lane) => {
        const measures = await lane.do({ type: 'measure', seed }, patience.findMs);
        return measures === HUNG ? null : measures;
      }),
    close: async () => {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

/** A stretch that does not come back is played again run by run, to see which of them it is. */
async function playWithin(lane: Lane, chunk: Chunk, patience: Patience, onHung: (run: number) => void): Promise<Tally> {
  const whole = await lane.do({ type: 'play', chunk }, patience.stretchMs);
  if (whole !== HUNG) return whole;
  const tally = emptyTally();
  for (let run = chunk.from; run <= chunk.to; run += 1) {
    const one = await lane.do({ type: 'play', chunk: { ...chunk, from: run, to: run } }, patience.runMs);
    if (one === HUNG) {
      addHungRun(tally, run);
      onHung(run);
      // Each would take as long again.
      break;
    }
    addTally(tally, one);
    if (chunk.untilBroken && hasBroken(tally, chunk.expected ?? [])) break;
  }
  return tally;
}

/** What can be said of a run that nobody came back from. */
function hangingRun(run: number, { runMs }: Patience): Counterexample {
  const message = `it did not come back within ${runMs / 1000} s of processor time, so there is nothing to show`;
  return {
    type: 'found',
    code: 'hung',
    run,
    shown: null,
    findings: [designFinding('hung', message)],
    played: 0,
    complete: false,
  };
}

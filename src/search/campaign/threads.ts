/** A crew of worker threads. One that does not come back from a run is ended, and the run is said to hang. */
import { Worker } from 'node:worker_threads';
import { EnvironmentError, UsageError } from '../../core/failures.ts';
import type { Crew } from './campaign.ts';
import { designFinding } from './breaches.ts';
import type { Chunk } from './chunk.ts';
import type { Counterexample } from './counterexample.ts';
import type { DesignSource } from './design-source.ts';
import { addBreach, addTally, emptyTally, type Tally } from './tally.ts';
import type { Report, Results, Task } from './worker.ts';

export interface Threads extends Crew {
  /** Ends all of them, whatever they are at. */
  close(): Promise<void>;
}

export interface Patience {
  /** For a stretch of runs; it takes a tenth of a second. */
  readonly stretchMs: number;
  /** For one run, once a stretch did not come back. */
  readonly runMs: number;
  /** For making a counterexample small. */
  readonly findMs: number;
}

const PATIENCE: Patience = { stretchMs: 30_000, runMs: 5_000, findMs: 300_000 };

export function beginThreads(source: DesignSource, size: number, patience: Patience = PATIENCE): Threads {
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
  return {
    size,
    play: (chunk) => withLane((lane) => playWithin(lane, chunk, patience)),
    findCounterexample: (draws, run, code) =>
      withLane(async (lane) => {
        const found = await lane.do({ type: 'find', draws, run, code }, patience.findMs);
        return found === HUNG ? hangingRun(run, patience) : found;
      }),
    close: async () => {
      await Promise.all(lanes.map((lane) => lane.end()));
    },
  };
}

/** A stretch that does not come back is played again run by run, to see which of them it is. */
async function playWithin(lane: Lane, chunk: Chunk, patience: Patience): Promise<Tally> {
  const whole = await lane.do({ type: 'play', chunk }, patience.stretchMs);
  if (whole !== HUNG) return whole;
  const tally = emptyTally();
  for (let run = chunk.from; run <= chunk.to; run += 1) {
    const one = await lane.do({ type: 'play', chunk: { ...chunk, from: run, to: run } }, patience.runMs);
    if (one === HUNG) {
      tally.runs += 1;
      addBreach(tally, 'hung', run, 1);
      // Each would take as long again.
      break;
    }
    addTally(tally, one);
    if (chunk.untilBroken && Object.keys(tally.broken).length > 0) break;
  }
  return tally;
}

/** What can be said of a run that nobody came back from. */
function hangingRun(run: number, { runMs }: Patience): Counterexample {
  const message = `it did not come back within ${runMs / 1000} s of real time, so there is nothing to show`;
  return { code: 'hung', run, shown: null, findings: [designFinding('hung', message)], played: 0, complete: false };
}

const HUNG = Symbol('hung');

/** One thread after another: where one had to be ended, the next begins with the next task. */
class Lane {
  readonly #source: DesignSource;
  #worker: Worker | null = null;

  constructor(source: DesignSource) {
    this.#source = source;
  }

  async do<T extends Task>(task: T, patienceMs: number): Promise<Results[T['type']] | typeof HUNG> {
    const worker = (this.#worker ??= begin(this.#source));
    const report = await new Promise<Report | typeof HUNG>((resolve, reject) => {
      const timer = setTimeout(() => settle(() => resolve(HUNG)), patienceMs);
      const settle = (how: () => void): void => {
        clearTimeout(timer);
        worker.removeAllListeners();
        how();
      };
      worker.once('message', (message: Report) => settle(() => resolve(message)));
      worker.once('error', (error) => settle(() => reject(error)));
      worker.once('exit', (code) => settle(() => reject(new Error(`a worker ended by itself, with code ${code}`))));
      worker.postMessage(task);
    });
    if (report === HUNG) {
      await this.end();
      return HUNG;
    }
    if ('error' in report) throw errorOf(report.error);
    return report.value as Results[T['type']];
  }

  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}

/** From its sources a thread needs the loader that this one has; tests run under another one, which no thread can have. */
function begin(source: DesignSource): Worker {
  const fromSources = import.meta.url.endsWith('.ts');
  const loader = ['--conditions=seatproof-source', '--import', import.meta.resolve('tsx')];
  const file = new URL(fromSources ? './worker.ts' : './worker.js', import.meta.url);
  return new Worker(file, { workerData: source, ...(fromSources ? { execArgv: loader } : {}) });
}

function errorOf({ name, message, stack }: Extract<Report, { error: unknown }>['error']): Error {
  if (name === 'UsageError') return new UsageError(message);
  if (name === 'EnvironmentError') return new EnvironmentError(message);
  return Object.assign(new Error(message), { stack });
}

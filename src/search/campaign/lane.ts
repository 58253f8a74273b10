/** One thread after another, each doing one task at a time: where one does not come back it is ended, and another begun. */
import { Worker } from 'node:worker_threads';
import { EnvironmentError, UsageError } from '../../core/failures.ts';
import { watchPatience } from './patience.ts';
import type { Report, Results, PlayerSource, Task } from './worker.ts';

/** It did not come back in time. */
export const HUNG = Symbol('hung');

interface Waiting {
  readonly told: (report: Report | typeof HUNG) => void;
  readonly failed: (error: unknown) => void;
}

/** For reading its modules and the design's, of which a worker must have done with before anything is timed. */
const OPENING_MS = 20_000;
const CLOSING_MS = 2_000;

/** Lanes that wait for a report of their worker. */
const atWork = new Set<Lane>();

export class Lane {
  readonly #source: PlayerSource;
  #worker: Worker | null = null;
  #waiting: Waiting | null = null;

  constructor(source: PlayerSource) {
    this.#source = source;
  }

  /** Throws what the task threw. */
  async do<T extends Task>(task: T, patienceMs: number): Promise<Results[T['type']] | typeof HUNG> {
    if (this.#worker === null) {
      this.#worker = this.#begin();
      if ((await this.#ask(this.#worker, { type: 'open' }, OPENING_MS)) === HUNG) return HUNG;
    }
    // It may have been ended meanwhile.
    return this.#worker === null ? HUNG : this.#ask(this.#worker, task, patienceMs);
  }

  async #ask<T extends Task>(worker: Worker, task: T, patienceMs: number): Promise<Results[T['type']] | typeof HUNG> {
    const report = await this.#report(worker, task, patienceMs);
    if (report === HUNG) {
      await this.end();
      return HUNG;
    }
    if ('error' in report) throw errorOf(report.error);
    return report.value as Results[T['type']];
  }

  /** Ends it; one that has a schema on a server of the user's, and nothing under way, drops that before. */
  async close(): Promise<void> {
    const owes = this.#source.server?.kind === 'url' && this.#worker !== null && this.#waiting === null;
    if (owes) await this.do({ type: 'close' }, CLOSING_MS).catch(() => undefined);
    await this.end();
  }

  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  async #report(worker: Worker, task: Task, patienceMs: number): Promise<Report | typeof HUNG> {
    let unwatch: (() => void) | undefined;
    atWork.add(this);
    try {
      return await new Promise((told, failed) => {
        this.#waiting = { told, failed };
        unwatch = watchPatience(
          worker,
          patienceMs,
          () => atWork.size,
          () => told(HUNG),
        );
        worker.postMessage(task);
      });
    } finally {
      unwatch?.();
      atWork.delete(this);
      this.#waiting = null;
    }
  }

  #begin(): Worker {
    const worker = beginWorker(this.#source);
    const lost = (error: unknown): void => {
      if (this.#worker === worker) this.#worker = null;
      this.#waiting?.failed(error);
    };
    worker.on('message', (report: Report) => this.#waiting?.told(report));
    worker.on('error', lost);
    worker.on('exit', (code) => {
      if (this.#worker === worker) lost(new Error(`a worker ended by itself, with code ${code}`));
    });
    return worker;
  }
}

/** From its sources a thread needs a loader for TypeScript, and Node gives it none that the main thread was begun with. */
function beginWorker(source: PlayerSource): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./worker.js', import.meta.url), { workerData: source });
  }
  const [loader, file] = [import.meta.resolve('tsx/esm/api'), new URL('./worker.ts', import.meta.url).href];
  const code = `import('${loader}').then(({ register }) => { register(); return import('${file}'); })`;
  return new Worker(code, { eval: true, workerData: source, execArgv: ['--conditions=seatproof-source'] });
}

function errorOf({ name, message, stack, place }: Extract<Report, { error: unknown }>['error']): Error {
  if (name === 'UsageError') return new UsageError(message, place);
  if (name === 'EnvironmentError') return new EnvironmentError(message);
  return Object.assign(new Error(message), { stack });
}

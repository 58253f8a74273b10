/** Where another thread finds a model: functions cannot be sent to it, so it makes the model again. */
import { isMainThread, workerData } from 'node:worker_threads';
import { UsageError } from '../../core/failures.ts';
import type { Model } from './model.ts';

/** A module that exports a function which makes the model. */
export interface ModelSource {
  /** Its URL: `import.meta.url` where the function is exported. */
  readonly module: string;
  /** The name of the function; it may promise the model. */
  readonly name: string;
  /** What it is called with; data that can be copied. */
  readonly args?: readonly unknown[];
}

/** What a thread of a search is started with. */
export interface ThreadData {
  readonly seatproofModel: ModelSource;
}

/**
 * Throws `UsageError` in a thread of a search, for a module that searches as soon as it is read: every thread would start
 * threads of its own.
 */
export function refuseInThread(): void {
  const data: unknown = workerData;
  if (isMainThread || typeof data !== 'object' || data === null || !('seatproofModel' in data)) return;
  throw new UsageError(
    `${(data as ThreadData).seatproofModel.module} searches as soon as it is read, and other threads read it for the model; search only where 'isMainThread' of node:worker_threads is true, or keep the model in a file of its own`,
  );
}

/** Loads and calls it. Throws `UsageError` where there is no such function. */
export async function modelFrom({ module, name, args = [] }: ModelSource): Promise<Model> {
  const exports = (await import(module)) as Readonly<Record<string, unknown>>;
  const make = exports[name];
  if (typeof make === 'function') {
    return await (make as (...args: readonly unknown[]) => Model | Promise<Model>)(...args);
  }
  throw new UsageError(
    `${module} exports no function '${name}'; name one that makes the model, for example source: { module: import.meta.url, name: 'counter' }`,
  );
}

/** Enough to see that two threads do not search different models. */
export function outlineOf({ name, bytes, actions, laws }: Model): string {
  return JSON.stringify([name, bytes, actions, laws.map((law) => law.name)]);
}

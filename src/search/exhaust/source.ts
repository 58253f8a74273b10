/** Where another thread finds a model: functions cannot be sent to it, so it makes the model again. */
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

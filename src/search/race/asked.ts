/** The many ways in which node-postgres can be asked, as one. */
import type { QueryConfig, QueryResult } from 'pg';

type Callback = (error: Error | undefined, result?: QueryResult) => void;

/** What `query` was called with. The config is a copy: what is the caller's is left as it is. */
export function askedWith(args: readonly unknown[]): {
  readonly config: QueryConfig;
  readonly callback: Callback | null;
} {
  const [first, second] = args;
  if (typeof first === 'object' && first !== null && 'submit' in first) {
    throw new TypeError(
      'a cursor or a stream fetches its rows bit by bit, which the explorer cannot order: use query()',
    );
  }
  const { callback: within, ...config } =
    typeof first === 'string' ? { text: first } : copyOf(first as QueryConfig & { callback?: Callback });
  if (Array.isArray(second)) config.values = second;
  const callback = args.find((arg) => typeof arg === 'function') as Callback | undefined;
  return { config, callback: callback ?? within ?? null };
}

/** A config may be an object of a class, and its text a getter of that, as template strings for SQL make them. */
function copyOf(config: QueryConfig & { callback?: Callback }): QueryConfig & { callback?: Callback } {
  const { text, values, name } = config;
  return { ...config, text, ...(values === undefined ? {} : { values }), ...(name === undefined ? {} : { name }) };
}

/** Returns the promise, or calls back, as whoever asked wants it. */
export function answered<T>(
  answer: Promise<T>,
  callback: ((error: Error | undefined, result?: T) => void) | null,
): Promise<T> | undefined {
  if (callback === null) return answer;
  answer.then(
    (result) => callback(undefined, result),
    (error: Error) => callback(error),
  );
  return undefined;
}

/** Refuses every statement of a connection that would read the real time, before it is sent. */
import type { ClientBase } from 'pg';
import { rejectRealTime } from './real-time.ts';

/** What was found to read no real time. Statements are few, and said again and again. */
export type PassedStatements = Set<string>;

/**
 * Watches over all that runs through the connection: the statements of the reference, and of any design that is handed it.
 * A statement that reads the real time fails with the `UsageError` of `rejectRealTime`.
 */
export function guardTime(client: ClientBase, passed: PassedStatements): void {
  const query = client.query.bind(client) as (...args: readonly unknown[]) => unknown;
  const guarded = (...args: readonly unknown[]): unknown => {
    const sql = textOf(args[0]);
    if (!passed.has(sql)) {
      rejectRealTime(sql);
      passed.add(sql);
    }
    return query(...args);
  };
  client.query = guarded as typeof client.query;
}

/** The text of a query, given as such or as a config object; empty where the object knows it only by name. */
function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  const text: unknown = typeof query === 'object' && query !== null ? Reflect.get(query, 'text') : null;
  return typeof text === 'string' ? text : '';
}

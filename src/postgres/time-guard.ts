/** Refuses every statement of a pool that would read the real time, before it is sent. */
import type { Pool, PoolClient } from 'pg';
import { rejectRealTime } from './real-time.ts';

/**
 * Watches over all that runs through the pool: the statements of the reference, and of any design that is handed it. A
 * statement that reads the real time fails with the `UsageError` of `rejectRealTime`.
 */
export function guardTime(pool: Pool): void {
  const passed = new Set<string>();
  pool.on('connect', (client: PoolClient) => {
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
  });
}

/** The text of a query, given as such or as a config object; empty where the object knows it only by name. */
function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  const text: unknown = typeof query === 'object' && query !== null ? Reflect.get(query, 'text') : null;
  return typeof text === 'string' ? text : '';
}

/** A concurrent call as it is written: an ordinary async function, and the database that it receives. */
import type { Pool } from 'pg';
import type { Access } from './statement.ts';

export interface RaceCall {
  /** Stands at the head of its column: `laptop: start`. */
  readonly name: string;
  readonly run: (tools: RaceTools) => unknown;
}

export interface RaceTools {
  /** The database through the proxy, for any driver. */
  readonly url: string;
  /** A pool of node-postgres that is connected to `url`. The explorer owns it: a call does not end it. */
  readonly pool: Pool;
  /**
   * Something outside the database that takes part in the order: reading or writing a cache, another store, a file. The
   * function must come to its end by itself. Steps of this kind are taken to share memory with one another.
   * `access` is what a statement of a store in memory does to it.
   */
  readonly step: <T>(label: string, work: () => T | Promise<T>, access?: Access) => Promise<T>;
}

/** A concurrent call as it is written: an ordinary async function, and what it is handed. */
import type { QueryConfig, QueryResult } from 'pg';
import type { Access } from './statement.ts';

export interface RaceCall {
  /** Stands at the head of its column: `laptop: start`. */
  readonly name: string;
  readonly run: (tools: RaceTools) => unknown;
}

export interface RaceTools {
  /** To be used like the `Pool` of node-postgres. */
  readonly db: RacePool;
  /**
   * Something outside the database that takes part in the order: reading or writing a cache, another store, a file. The
   * function must come to its end by itself. Steps of this kind are taken to share memory with one another.
   * `access` is what a statement of a store in memory does to it.
   */
  readonly step: <T>(label: string, work: () => T | Promise<T>, access?: Access) => Promise<T>;
}

type Callback<T> = (error: Error | undefined, result: T) => void;

/** `query` as node-postgres has it: text and values, or a config object; with a callback, or a promise. */
export interface RaceQueryable {
  // Rows of any shape, as in node-postgres.
  // oxlint-disable-next-line typescript/no-explicit-any
  query<R extends object = any>(text: string | QueryConfig, values?: readonly unknown[]): Promise<QueryResult<R>>;
  query(text: string | QueryConfig, callback: Callback<QueryResult>): void;
  query(text: string | QueryConfig, values: readonly unknown[], callback: Callback<QueryResult>): void;
}

export interface RaceClient extends RaceQueryable {
  release(error?: Error | boolean): void;
  on(event: string, listener: (...args: never[]) => void): this;
  once(event: string, listener: (...args: never[]) => void): this;
  off(event: string, listener: (...args: never[]) => void): this;
  removeListener(event: string, listener: (...args: never[]) => void): this;
  escapeIdentifier(text: string): string;
  escapeLiteral(text: string): string;
}

export interface RacePool extends RaceQueryable {
  connect(): Promise<RaceClient>;
  connect(callback: (error: Error | undefined, client: RaceClient, release: () => void) => void): void;
  /** Ends nothing: the connections are the explorer's. */
  end(): Promise<void>;
  on(event: string, listener: (...args: never[]) => void): this;
  once(event: string, listener: (...args: never[]) => void): this;
  off(event: string, listener: (...args: never[]) => void): this;
  removeListener(event: string, listener: (...args: never[]) => void): this;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

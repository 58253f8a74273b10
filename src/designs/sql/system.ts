/** The SQL of a design: tables, and a service of ordinary node-postgres code over them. */
import type { ClientBase, Pool } from 'pg';
import type { SeatRow, StoreRefusal } from '../../history/history.ts';
import type { SessionService } from '../../service/port.ts';

/** Something outside the database that takes part in the order of concurrent calls. */
export type Step = <T>(label: string, work: () => T | Promise<T>) => Promise<T>;

export interface SqlTools<Memory> {
  /** The database, for any driver. */
  readonly url: string;
  /** A pool of node-postgres that is connected to `url`. It belongs to all requests: a service does not end it. */
  readonly pool: Pool;
  readonly step: Step;
  /** What the process of the server keeps besides its database. */
  readonly memory: Memory;
}

/** A failure of the store that begins when the seat is in its state, before the calls of a race. */
export interface Mishap {
  readonly fault: StoreRefusal;
  /** SQL that brings it about, and SQL that takes it back. */
  readonly begins: string;
  readonly ends: string;
}

// Each design knows the type of its own memory; the caller only stores it.
// oxlint-disable-next-line typescript/no-explicit-any
export interface SqlSystem<Memory = any> {
  /** Makes the tables in the first schema of the search path, with the license `L1` in them. */
  readonly tables: string | ((client: ClientBase) => Promise<void>);
  /** Called for each request, so its own variables belong to one request. */
  readonly service: (tools: SqlTools<Memory>) => SessionService;
  /** The memory of a process that has just started. It must be plain data. */
  readonly memory?: () => Memory;
  /** The seats in the tables; without it, laws about stored rows are not judged. */
  readonly rows?: (client: ClientBase) => Promise<readonly SeatRow[]>;
  /** Only races bring it about. */
  readonly mishap?: Mishap;
}

/** The one license that the tables know. */
export const LICENSE = 'L1';

/** Runs `work` in a transaction on one connection; rolls back when it fails, and releases the connection. */
export async function inTransaction<T>(pool: Pool, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

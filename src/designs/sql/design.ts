/** What a design in SQL is: tables, and a service of ordinary node-postgres code over them. */
import type { ClientBase, Pool } from 'pg';
import type { Policy } from '../../core/policy.ts';
import type { SeatRow, StoreRefusal } from '../../history/history.ts';
import type { SessionService } from '../../service/port.ts';

/** Something outside the database that takes part in the order of concurrent calls. */
export type Step = <T>(label: string, work: () => T | Promise<T>) => Promise<T>;

export interface SqlTools<Memory> {
  readonly db: Pool;
  readonly step: Step;
  /** What the server's process keeps besides its database. */
  readonly memory: Memory;
}

export interface Mishap {
  readonly fault: StoreRefusal;
  /** SQL that brings it about, and SQL that takes it back. */
  readonly begins: string;
  readonly ends: string;
}

// Each design knows the type of its own memory; whoever runs it only keeps it.
// oxlint-disable-next-line typescript/no-explicit-any
export interface SqlDesign<Memory = any> {
  /** `s0-before`. */
  readonly name: string;
  /** What it is, in one line. */
  readonly about: string;
  readonly policy: Policy;
  /** Makes the tables in the first schema of the search path, with the license `L1` in them. */
  readonly tables: string | ((client: ClientBase) => Promise<void>);
  /** What befalls the store when the seat is as it should be, before the calls come. */
  readonly mishap?: Mishap;
  /** A new memory, as a process has it that has just begun. It must be plain data. */
  readonly memory?: () => Memory;
  /** Called for every call anew, so what it keeps for itself is that call's. */
  readonly service: (tools: SqlTools<Memory>) => SessionService;
  /** What the tables hold, where they tell it. */
  readonly rows?: (client: ClientBase) => Promise<readonly SeatRow[]>;
  /** Whether it is to give the very answers of the rule; then it is also judged by that. */
  readonly keepsRule?: boolean;
}

/** The license that every race is about. */
export const LICENSE = 'L1';

/** One connection for what belongs together; rolled back and handed back whatever happens. */
export async function inTransaction<T>(db: Pool, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = await db.connect();
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

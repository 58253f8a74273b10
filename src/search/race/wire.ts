/** One real connection of one call: how it stands, and what its statements touch. */
import { DatabaseError, types as PRODUCTION_TYPES, type Client, type QueryConfig, type QueryResult } from 'pg';
import { rejectRealTime } from '../../postgres/real-time.ts';
import { Transaction, type Footprint } from './footprint.ts';
import type { Outcome } from './schedule.ts';
import { takesLocks, type Deed, type Isolation } from './statement.ts';

export interface Sent {
  readonly outcome: Outcome;
  readonly footprint: Footprint;
  readonly result: QueryResult | null;
  readonly error: unknown;
}

/** Which of two that wait for each other is given up: the one whose timer is short looks for a deadlock first. */
type DeadlockTimer = 'long' | 'short';
const TIMERS: Record<DeadlockTimer, string> = { long: '2s', short: '1ms' };

/** What a connection needs to know of the database that it is to. */
export interface WireSurroundings {
  readonly read: (sql: string) => Deed;
  /** Resolves when the tables are as an execution is to find them. */
  readonly ready: () => Promise<unknown>;
  /** Whether the user of the server may set timers. */
  readonly mayTime: boolean;
}

export async function openWire(client: Client, isolation: Isolation, around: WireSurroundings): Promise<Wire> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const pid = rows[0]?.pid;
  if (pid === undefined) throw new Error('the server did not name its process');
  const wire = new Wire(client, pid, isolation, around);
  await wire.isolate(isolation);
  return wire;
}

const AS_IT_WAS = 'CLOSE ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); DISCARD TEMP; RESET ALL';

export class Wire {
  readonly pid: number;
  readonly #client: Client;
  readonly #around: WireSurroundings;
  #transaction: Transaction;
  #timer: DeadlockTimer | null = null;
  #localTimer: DeadlockTimer | null = null;
  #isolation: Isolation | null = null;
  /** Statements that do not read the real time. */
  #passed = new Set<string>();
  #names = new Map<string, string>();
  #dead = false;
  #busy = false;
  /** Whether something was said that changes the connection itself: it is put right before the next execution. */
  #altered = false;

  constructor(client: Client, pid: number, isolation: Isolation, around: WireSurroundings) {
    this.#client = client;
    this.pid = pid;
    this.#around = around;
    this.#transaction = new Transaction(isolation);
  }

  get dead(): boolean {
    return this.#dead;
  }

  get busy(): boolean {
    return this.#busy;
  }

  get inTransaction(): boolean {
    return this.#client.getTransactionStatus() === 'T' || this.#client.getTransactionStatus() === 'E';
  }

  get holdsLocks(): boolean {
    return this.#transaction.holdsLocks;
  }

  /** What it has said may also have taken a lock that lasts as long as the connection. */
  get holdsAnything(): boolean {
    return this.#altered || this.#transaction.holdsAnything;
  }

  wanted(sql: string): Footprint {
    return this.#transaction.wanted(this.#around.read(sql));
  }

  lasting(sql: string): boolean {
    const deed = this.#around.read(sql);
    if (deed.type === 'commit') return this.#client.getTransactionStatus() === 'T';
    return deed.type === 'access' && deed.writes.length > 0 && !this.inTransaction;
  }

  /** Never rejects but for SQL that reads the real time. `closesCircle` says whether somebody waits for this call already. */
  async send(config: QueryConfig, closesCircle: boolean): Promise<Sent> {
    const sql = config.text;
    if (!this.#passed.has(sql)) {
      rejectRealTime(sql);
      this.#passed.add(sql);
    }
    const deed = this.#around.read(sql);
    if (deed.type === 'anything' || (deed.type === 'settings' && !deed.local)) this.#altered = true;
    // `BEGIN` sees nothing of the tables, and may be said while they are put back.
    if (deed.type !== 'begin') await this.#around.ready();
    this.#busy = true;
    try {
      await this.#time(closesCircle && takesLocks(deed) ? 'short' : 'long');
      const result = await this.#client.query(this.#prepared(config));
      return {
        outcome: { type: 'done', rows: rowsOf(result) },
        footprint: this.#over(deed, false),
        result,
        error: null,
      };
    } catch (error) {
      if (error instanceof DatabaseError) await this.#untilReady();
      else this.#dead = true;
      const code = error instanceof DatabaseError ? (error.code ?? '') : 'lost';
      const message = error instanceof Error ? error.message : String(error);
      return { outcome: { type: 'failed', code, message }, footprint: this.#over(deed, true), result: null, error };
    } finally {
      this.#busy = false;
    }
  }

  /**
   * A statement with values is prepared under a name of ours, because the same few are said over and over, and to parse and
   * plan them anew takes as long as to carry them out.
   */
  #prepared(config: QueryConfig): QueryConfig {
    // The connection is one of Seatproof's own; the rows go to the service.
    const { types = PRODUCTION_TYPES } = config;
    if (config.name !== undefined || config.values === undefined || config.values.length === 0) {
      return { ...config, types };
    }
    let name = this.#names.get(config.text);
    if (name === undefined) {
      name = `seatproof_race_${this.#names.size}`;
      this.#names.set(config.text, name);
    }
    return { ...config, name, types };
  }

  /** What it lets go of when its connection ends. */
  cut(): Footprint {
    this.#dead = true;
    return this.#transaction.cut();
  }

  /**
   * What a new connection in the place of this one would be, now that it was cut: what was open is rolled back, what was
   * altered is put right. To open one takes longer than all the rest of a schedule.
   */
  async anew(): Promise<Wire> {
    await this.tidy();
    const wire = new Wire(this.#client, this.pid, this.#isolation ?? 'read committed', this.#around);
    wire.#isolation = this.#isolation;
    wire.#timer = this.#timer;
    wire.#passed = this.#passed;
    wire.#names = this.#names;
    return wire;
  }

  /** Between executions: nothing open, nothing altered. */
  async tidy(): Promise<void> {
    if (this.inTransaction) await this.#client.query('ROLLBACK');
    this.#transaction.cut();
    if (!this.#altered) return;
    await this.#client.query(AS_IT_WAS);
    this.#timer = null;
    this.#altered = false;
    const level = this.#isolation;
    this.#isolation = null;
    if (level !== null) await this.isolate(level);
  }

  async isolate(isolation: Isolation): Promise<void> {
    if (this.#isolation !== isolation) {
      await this.#client.query(`SET default_transaction_isolation = '${isolation}'`);
    }
    this.#isolation = isolation;
    this.#transaction = new Transaction(isolation);
  }

  async end(): Promise<void> {
    this.#dead = true;
    await this.#client.end().catch(() => undefined);
  }

  /** An error is told before the server says how the connection stands after it. */
  async #untilReady(): Promise<void> {
    if (Reflect.get(this.#client, 'readyForQuery') === true) return;
    await new Promise<void>((resolve) => {
      const ready = (): void => {
        this.#client.off('drain', ready).off('end', ended);
        resolve();
      };
      // Where the error is also the end of the connection, there is no more to come.
      const ended = (): void => {
        this.#dead = true;
        ready();
      };
      this.#client.once('drain', ready).once('end', ended);
    });
  }

  #over(deed: Deed, failed: boolean): Footprint {
    if (this.#dead) return this.#transaction.cut();
    const status = this.#client.getTransactionStatus() ?? 'I';
    return this.#transaction.over(deed, status, failed);
  }

  /**
   * Of calls that wait for each other in a circle, the one that closed it is given up, always: it alone has a timer that
   * runs out. Where the user of the server may not set timers, the server decides after a second.
   */
  async #time(timer: DeadlockTimer): Promise<void> {
    if (!this.#around.mayTime || this.#client.getTransactionStatus() === 'E') return;
    if (!this.inTransaction) this.#localTimer = null;
    if ((this.#localTimer ?? this.#timer) === timer) return;
    // Within a transaction it lasts as long as that, whichever way it ends.
    const local = this.inTransaction ? 'LOCAL ' : '';
    await this.#client.query(`SET ${local}deadlock_timeout = '${TIMERS[timer]}'`);
    if (this.inTransaction) this.#localTimer = timer;
    else this.#timer = timer;
  }
}

function rowsOf(result: QueryResult): number | null {
  // Several statements in one text have several results.
  const last = Array.isArray(result) ? (result.at(-1) as QueryResult | undefined) : result;
  return last?.rowCount ?? null;
}

/** One connection through the proxy as the explorer sees it: its transaction, and what its statements touch. */
import type { WireConnection, WireReply } from '../../wire/step.ts';
import { Transaction, type Footprint } from './footprint.ts';
import type { Outcome } from './schedule.ts';
import { takesLocks, type Deed, type Isolation } from './statement.ts';

export interface Sent {
  readonly outcome: Outcome;
  readonly footprint: Footprint;
}

/** Of statements that wait for each other in a circle, the server aborts the one whose timer runs out first. */
type DeadlockTimer = 'long' | 'short';
export const TIMERS: Record<DeadlockTimer, string> = { long: '2s', short: '1ms' };

/** What a session needs to know of its database. */
export interface SessionSurroundings {
  readonly read: (sql: string) => Deed;
  /** Resolves when the tables are as an execution is to find them. */
  readonly ready: () => Promise<unknown>;
  /** Whether the user of the server may set timers. */
  readonly mayTime: boolean;
}

const AS_IT_WAS = 'CLOSE ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); DISCARD TEMP; RESET ALL';
const STATUS = { idle: 'I', open: 'T', failed: 'E' } as const;

export class Session {
  readonly connection: WireConnection;
  /** The actor that has used it last; null for uncontrolled use. */
  owner: number | null = null;
  /** Whether it belongs to the beginning of the executions: what it holds, for example a lock of the session, stays. */
  prepared = false;
  readonly #around: SessionSurroundings;
  #transaction: Transaction;
  #timer: DeadlockTimer = 'long';
  #localTimer: DeadlockTimer | null = null;
  #isolation: Isolation;
  /** The level that the connection was opened with. */
  readonly #opened: Isolation;
  #dead = false;
  #busy = false;
  /** Whether a statement may have changed the connection itself: it is put right before the next execution. */
  #altered = false;

  constructor(connection: WireConnection, isolation: Isolation, around: SessionSurroundings) {
    this.connection = connection;
    this.#around = around;
    this.#isolation = isolation;
    this.#opened = isolation;
    this.#transaction = new Transaction(isolation);
  }

  /** Whether the connection is lost for its call, or has ended. */
  get dead(): boolean {
    return this.#dead;
  }

  /** Whether a statement of a call is at the server. */
  get busy(): boolean {
    return this.#busy;
  }

  get inTransaction(): boolean {
    return this.connection.status !== 'idle';
  }

  get holdsLocks(): boolean {
    return this.#transaction.holdsLocks;
  }

  /** A statement may also have taken a lock that lasts as long as the connection. */
  get holdsAnything(): boolean {
    return this.#altered || this.#transaction.holdsAnything;
  }

  wanted(sql: string): Footprint {
    return this.#transaction.wanted(this.#around.read(sql));
  }

  /** Whether the effect of the statement lasts by itself: a COMMIT, or a write outside of a transaction. */
  lasting(sql: string): boolean {
    const deed = this.#around.read(sql);
    if (deed.type === 'commit') return this.connection.status === 'open';
    return deed.type === 'access' && deed.writes.length > 0 && !this.inTransaction;
  }

  /** Sends a step by `forward`, and returns what came of it. `closesCircle`: another call waits for this one already. */
  async send(sql: string, closesCircle: boolean, forward: () => Promise<WireReply>): Promise<Sent> {
    const deed = this.note(sql);
    // `BEGIN` sees nothing of the tables, and may be sent while they are put back.
    if (deed.type !== 'begin') await this.#around.ready();
    this.#busy = true;
    try {
      await this.#time(closesCircle && takesLocks(deed) ? 'short' : 'long');
      const reply = await forward();
      const outcome = outcomeOf(reply);
      if (reply.closed) this.#dead = true;
      const footprint = this.#dead
        ? this.#transaction.cut()
        : this.#transaction.over(deed, STATUS[reply.status], outcome.type === 'failed');
      return { outcome, footprint };
    } finally {
      this.#busy = false;
    }
  }

  /** Remembers whether the statement may change the connection itself. */
  note(sql: string): Deed {
    const deed = this.#around.read(sql);
    if (deed.type === 'anything' || (deed.type === 'settings' && !deed.local)) this.#altered = true;
    return deed;
  }

  /** For the server and the other calls it is as if the connection had ended. Returns what it releases. */
  async rollBack(): Promise<Footprint> {
    const footprint = this.#transaction.cut();
    await this.tidy();
    return footprint;
  }

  /** Nothing open, nothing altered. A connection that ends meanwhile is tidy. */
  async tidy(): Promise<void> {
    this.#transaction.cut();
    if (this.#dead) return;
    if (this.inTransaction) await this.#execute('ROLLBACK');
    if (!this.#altered) return;
    await this.#execute(AS_IT_WAS);
    this.#timer = 'long';
    this.#altered = false;
    const level = this.#isolation;
    this.#isolation = this.#opened;
    await this.isolate(level);
  }

  async isolate(isolation: Isolation): Promise<void> {
    if (this.#isolation !== isolation) await this.#execute(`SET default_transaction_isolation = '${isolation}'`);
    this.#isolation = isolation;
    this.#transaction = new Transaction(isolation);
  }

  /** The client loses its connection. */
  reset(): void {
    this.#dead = true;
    this.connection.reset();
  }

  ended(): void {
    this.#dead = true;
  }

  async #execute(sql: string): Promise<void> {
    if (!this.#dead) await this.connection.execute(sql);
  }

  /**
   * Of calls that wait for each other in a circle, the server always aborts the one that closed it: it alone has a timer that
   * runs out soon. Where the user of the server may not set timers, the server decides after a second.
   */
  async #time(timer: DeadlockTimer): Promise<void> {
    if (!this.#around.mayTime || this.connection.status === 'failed') return;
    if (!this.inTransaction) this.#localTimer = null;
    if ((this.#localTimer ?? this.#timer) === timer) return;
    // Within a transaction it lasts as long as that, whichever way it ends.
    const local = this.inTransaction ? 'LOCAL ' : '';
    await this.#execute(`SET ${local}deadlock_timeout = '${TIMERS[timer]}'`);
    if (this.inTransaction) this.#localTimer = timer;
    else this.#timer = timer;
  }
}

function outcomeOf({ results, closed }: WireReply): Outcome {
  const last = results.at(-1);
  if (last?.type === 'error') return { type: 'failed', code: last.code, message: last.message };
  if (closed) return { type: 'failed', code: 'lost', message: 'the connection ended' };
  return { type: 'done', rows: last === undefined ? null : rowsIn(last.tag) };
}

/** The number at the end of `UPDATE 1` or `INSERT 0 1`; null where there is none. */
function rowsIn(tag: string): number | null {
  const rows = / (\d+)$/.exec(tag)?.[1];
  return rows === undefined ? null : Number(rows);
}

/**
 * One database for executions, one after another: a schema of its own with the virtual clock, connections for each call,
 * and one to control them. Several lanes run at once.
 */
import type { Client, ClientBase, Pool } from 'pg';
import { START, type Instant } from '../../core/time.ts';
import { setClock } from '../../postgres/clock.ts';
import { connect, optionsFor } from '../../postgres/connection.ts';
import { holderFor, type Holder } from '../../postgres/hold.ts';
import { rejectRealTimeInSchema } from '../../postgres/real-time.ts';
import { openSchema, type PostgresSchema } from '../../postgres/schema.ts';
import type { PostgresServer } from '../../postgres/server.ts';
import { dropOtherTables, makeReset, RESET, RESET_AS_MADE, tableNames } from '../../postgres/table-reset.ts';
import { rewriteRealTime } from '../../postgres/time-rewriting.ts';
import type { Mishap } from '../../designs/sql/system.ts';
import type { Actor } from './actor.ts';
import { Blockers } from './blockers.ts';
import { CallConnections } from './call-connections.ts';
import type { Stray } from './call-control.ts';
import { readCatalog } from './catalog.ts';
import type { RaceTools } from './call.ts';
import type { Footprint } from './footprint.ts';
import type { Ground } from './ground.ts';
import { TIMERS } from './session.ts';
import type { SharedAddress } from './shared-address.ts';
import { deedReader, type Deed, type Isolation } from './statement.ts';

/**
 * A table of a row or two the server reads as a whole, or by its index, as its statistics come to say. In production there
 * are many rows, and it is the index. For serializable transactions it is not the same: they meet at what they have read.
 */
const AS_WITH_MANY_ROWS = { enable_seqscan: 'off' };
/** Each reset leaves dead rows behind, which the next ones have to pass. */
const RESETS_UNTIL_VACUUM = 1_000;

export interface LaneOptions {
  /** Makes the tables. */
  readonly tables: string | ((client: ClientBase) => Promise<void>);
  /** What befalls the store after everything was prepared. */
  readonly mishap?: Pick<Mishap, 'begins' | 'ends'>;
}

/** `address`: clients of this address are connected to the lane. */
type Address = SharedAddress | null;

export class Lane implements Ground {
  readonly schema: PostgresSchema;
  readonly holder: Holder | null;
  #connections!: CallConnections;
  readonly #blockers: Blockers;
  #read: (sql: string) => Deed = () => ({ type: 'anything' });
  /** The tables as they were made, and those with which each execution begins. */
  #madeTables: readonly string[] = [];
  #tables: readonly string[] = [];
  /** Whether a statement since the last reset may have made a table. */
  #altered = false;
  /** The latest reset, which may be under way still. */
  #ready: Promise<unknown> = Promise.resolve();
  #resets = 0;
  readonly #mishap: Pick<Mishap, 'begins' | 'ends'> | null;
  #befallen = false;
  #made = false;
  #onReset: () => void = () => undefined;
  #waiting: (actor: number) => boolean = () => false;

  private constructor(schema: PostgresSchema, prober: Client, mishap: Pick<Mishap, 'begins' | 'ends'> | null) {
    this.schema = schema;
    this.holder = holderFor(schema.server);
    this.#blockers = new Blockers(prober);
    this.#mishap = mishap;
  }

  /** Makes the schema and the tables. Throws `UsageError` when they read the real time, `EnvironmentError` without a server. */
  static async open(server: PostgresServer, { tables, mishap }: LaneOptions, address: Address = null): Promise<Lane> {
    const schema = await openSchema(server);
    try {
      await (typeof tables === 'string' ? schema.control.query(rewriteRealTime(tables)) : tables(schema.control));
      await rejectRealTimeInSchema(schema.control, schema.name);
      const mayTime = await schema.control.query(`SET deadlock_timeout = '${TIMERS.long}'`).then(
        () => true,
        () => false,
      );
      const lane = new Lane(schema, await connect(server.url), mishap ?? null);
      await lane.#connect(mayTime, address);
      return lane;
    } catch (error) {
      await schema.close();
      throw error;
    }
  }

  async #connect(mayTime: boolean, address: Address): Promise<void> {
    const { server, name } = this.schema;
    const timers = mayTime ? { deadlock_timeout: TIMERS.long } : {};
    const around = {
      settings: (asked: string, isolation: Isolation) =>
        optionsFor(server.url, name, asked, {
          ...AS_WITH_MANY_ROWS,
          ...timers,
          default_transaction_isolation: isolation,
        }),
      read: (sql: string) => this.#read(sql),
      ready: () => this.#ready,
      mayTime,
      isWaitedFor: (actor: number) => this.#waiting(actor),
    };
    this.#connections = await CallConnections.open(server.url, around, address);
  }

  /** The database through the proxy. */
  get url(): string {
    return this.#connections.url;
  }

  /** Connections for calls that are not controlled. */
  get pool(): Pool {
    return this.#connections.pool;
  }

  get control(): Client {
    return this.schema.control;
  }

  /**
   * What the tables hold after `prepare`, and the time, is what each execution begins with. `prepare` finds the tables as
   * they were made, and the clock at 0; it says at what time it leaves them. It may make further tables.
   */
  async begin(isolation: Isolation, prepare: () => Promise<Instant>): Promise<void> {
    await this.abandon();
    await this.#connections.prepare();
    await this.#connections.control.isolate(isolation);
    await this.#asMade();
    const now = await prepare().finally(() => this.#connections.control.prepared());
    if (this.#mishap !== null) await this.control.query(this.#mishap.begins);
    this.#befallen = this.#mishap !== null;
    await makeReset(this.control, this.schema.name, now);
    this.#tables = await tableNames(this.control, this.schema.name);
    const read = deedReader(await readCatalog(this.control, this.schema.name));
    this.#read = (sql) => {
      const deed = read(sql);
      if (deed.type === 'anything') this.#altered = true;
      return deed;
    };
  }

  async #asMade(): Promise<void> {
    if (this.#befallen && this.#mishap !== null) {
      await dropOtherTables(this.control, this.schema.name, this.#tables);
      await this.control.query(this.#mishap.ends);
    }
    if (this.#made) {
      await dropOtherTables(this.control, this.schema.name, this.#madeTables);
      await this.control.query(RESET_AS_MADE);
    } else {
      await makeReset(this.control, this.schema.name, START, RESET_AS_MADE);
      this.#madeTables = await tableNames(this.control, this.schema.name);
    }
    this.#made = true;
  }

  /** Does not wait until the tables are put back: what asks for them does. Until then the calls' code runs already. */
  async reset(): Promise<void> {
    await this.#ready;
    await this.#connections.tidy();
    if (this.#altered) await dropOtherTables(this.control, this.schema.name, this.#tables);
    this.#altered = false;
    if (++this.#resets % RESETS_UNTIL_VACUUM === 0 && this.#tables.length > 0) {
      await this.control.query(`VACUUM ${this.#tables.join(', ')}`);
    }
    this.#ready = this.control.query(RESET);
    // Whoever waits for it hears of it.
    this.#ready.catch(() => undefined);
    this.#connections.control.plays();
    this.#onReset();
  }

  /** Lets uncontrolled calls follow the execution. They may make tables, which the next reset drops. */
  async takeBack(): Promise<void> {
    await this.#ready;
    this.#connections.control.rests();
    this.#altered = true;
  }

  takeStray(): Stray | null {
    return this.#connections.control.takeStray();
  }

  /** Resolves when the tables are put back. */
  get ready(): Promise<unknown> {
    return this.#ready;
  }

  /** What else begins anew with each execution. */
  onReset(also: () => void): void {
    this.#onReset = also;
  }

  database(actor: Actor): Pick<RaceTools, 'url' | 'pool'> {
    return this.#connections.database(actor);
  }

  runs(actor: Actor | null): void {
    this.#connections.control.runs(actor);
  }

  get opened(): number {
    return this.#connections.control.opened;
  }

  inFlight(): boolean {
    return this.#connections.inFlight();
  }

  /** Told by the execution: whether somebody waits for this actor, directly or not. */
  onWaiting(waiting: (actor: number) => boolean): void {
    this.#waiting = waiting;
  }

  async setClock(now: Instant): Promise<void> {
    await this.#ready;
    await setClock(this.control, this.schema.name, now);
  }

  blockers(pids: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>> {
    return this.#blockers.of(pids);
  }

  actorOf(pid: number): number | null {
    return this.#connections.control.actorOf(pid);
  }

  mayWait(actor: Actor, sql: string, pid: number | null): boolean {
    return this.#connections.control.mayWait(actor, this.#read(sql), pid);
  }

  cut(actor: Actor): Promise<Footprint> {
    return this.#connections.control.cut(actor);
  }

  leftOpen(actor: Actor): string | null {
    return this.#connections.leftOpen(actor);
  }

  whyStuck(actor: Actor): Error | null {
    return this.#connections.whyStuck(actor);
  }

  bury(actors: readonly Actor[]): Promise<void> {
    return this.#connections.bury(actors);
  }

  /** Ends the server processes that wait for a lock, or would execute for long. Their clients open new connections. */
  async abandon(): Promise<void> {
    const pids = this.#connections.busy();
    if (pids.length === 0) return;
    await this.control.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids]);
  }

  async close(): Promise<void> {
    await this.abandon().catch(() => undefined);
    await this.#connections.close();
    await this.#blockers.end();
    await this.schema.close();
  }
}

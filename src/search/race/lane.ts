/**
 * One database for executions, one after another: a schema of its own with the virtual clock, connections for each call,
 * and one to control them. Several lanes run at once.
 */
import type { Client, ClientBase } from 'pg';
import { START, type Instant } from '../../core/time.ts';
import { setClock } from '../../postgres/clock.ts';
import { connect } from '../../postgres/connection.ts';
import { holderFor, type Holder } from '../../postgres/hold.ts';
import { rejectRealTimeInSchema } from '../../postgres/real-time.ts';
import { openSchema, type PostgresSchema } from '../../postgres/schema.ts';
import type { PostgresServer } from '../../postgres/server.ts';
import type { Mishap } from '../../designs/sql/system.ts';
import { outsideOfCalls, type Actor } from './actor.ts';
import { Blockers } from './blockers.ts';
import { readCatalog } from './catalog.ts';
import type { RacePool } from './call.ts';
import { Transaction, type Footprint } from './footprint.ts';
import type { Ground } from './ground.ts';
import { poolFor } from './handle.ts';
import { dropOtherTables, makeReset, RESET, RESET_AS_MADE, tableNames } from '../../postgres/table-reset.ts';
import { accessOf, deedReader, type Deed, type Isolation } from './statement.ts';
import { openWire, type Wire } from './wire.ts';
import { WirePool, type Wires } from './wire-pool.ts';

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

export class Lane implements Ground {
  readonly schema: PostgresSchema;
  readonly holder: Holder | null;
  readonly #blockers: Blockers;
  #read: (sql: string) => Deed = () => ({ type: 'anything' });
  /** The tables as they were made, and those with which each execution begins. */
  #madeTables: readonly string[] = [];
  #tables: readonly string[] = [];
  /** Whether something was said since the last reset that may have made a table. */
  #altered = false;
  /** The latest reset, which may be under way still. */
  #ready: Promise<unknown> = Promise.resolve();
  #resets = 0;
  /** The server processes of the uncontrolled connections. */
  readonly #poolPids = new Set<number>();
  readonly #mayTime: boolean;
  readonly #mishap: Pick<Mishap, 'begins' | 'ends'> | null;
  #befallen = false;
  readonly #wires = new WirePool(() => this.#open());
  #isolation: Isolation = 'read committed';
  #made = false;
  #onReset: () => void = () => undefined;
  #waiting: (actor: number) => boolean = () => false;

  private constructor(
    schema: PostgresSchema,
    prober: Client,
    mayTime: boolean,
    mishap: Pick<Mishap, 'begins' | 'ends'> | null,
  ) {
    this.schema = schema;
    this.holder = holderFor(schema.server);
    this.#blockers = new Blockers(prober);
    this.#mayTime = mayTime;
    this.#mishap = mishap;
    this.#watchPool();
  }

  /** Makes the schema and the tables. Throws `UsageError` when they read the real time, `EnvironmentError` without a server. */
  static async open(server: PostgresServer, { tables, mishap }: LaneOptions): Promise<Lane> {
    const schema = await openSchema(server);
    try {
      await (typeof tables === 'string' ? schema.control.query(tables) : tables(schema.control));
      await rejectRealTimeInSchema(schema.control, schema.name);
      const mayTime = await schema.control.query(`SET deadlock_timeout = '2s'`).then(
        () => true,
        () => false,
      );
      return new Lane(schema, await connect(server.url), mayTime, mishap ?? null);
    } catch (error) {
      await schema.close();
      throw error;
    }
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
    this.#isolation = isolation;
    await this.#asMade();
    const now = await prepare();
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
    for (const wire of this.#wires.all) await wire.isolate(isolation);
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

  /** The pool of the schema is for calls without control: they are to run at the level of the race as well. */
  async isolatePool(): Promise<void> {
    await this.schema.reopenPool({ default_transaction_isolation: this.#isolation });
    this.#watchPool();
  }

  /** Does not wait until the tables are put back: what asks for them does. Until then the calls' code runs already. */
  async reset(): Promise<void> {
    await this.#ready;
    await this.#tidy();
    if (this.#altered) await dropOtherTables(this.control, this.schema.name, this.#tables);
    this.#altered = false;
    if (++this.#resets % RESETS_UNTIL_VACUUM === 0 && this.#tables.length > 0) {
      await this.control.query(`VACUUM ${this.#tables.join(', ')}`);
    }
    this.#ready = this.control.query(RESET);
    // Whoever waits for it hears of it.
    this.#ready.catch(() => undefined);
    this.#onReset();
  }

  /** Lets uncontrolled calls follow the execution. They may make tables, which the next reset drops. */
  async takeBack(): Promise<void> {
    await this.#ready;
    this.#altered = true;
  }

  /** Ends the uncontrolled connections that are in the middle of something. The pool replaces them. */
  async endPool(): Promise<void> {
    await this.control.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ANY($1) AND state <> 'idle'`,
      [[...this.#poolPids]],
    );
  }

  #watchPool(): void {
    this.schema.pool.on('connect', (client) => {
      this.#poolPids.add(Number(Reflect.get(client, 'processID')));
      // A connection that is ended while a call has it tells the call; the event would end the process.
      client.on('error', () => undefined);
    });
  }

  /** Resolves when the tables are put back. */
  get ready(): Promise<unknown> {
    return this.#ready;
  }

  /** What else begins anew with each execution. */
  onReset(also: () => void): void {
    this.#onReset = also;
  }

  handle(actor: Actor): RacePool {
    return poolFor(actor, this.#wiresOf(actor));
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
    return this.#wires.actorOf(pid);
  }

  mayWait(actor: Actor, sql: string, pid: number | null): boolean {
    return this.#wires.mayWait(actor, this.#read(sql), pid);
  }

  cut(actor: Actor): Promise<Footprint> {
    return this.#wires.cutAll(actor);
  }

  leftOpen(actor: Actor): string | null {
    return this.#wires.leftOpen(actor);
  }

  async abandon(): Promise<void> {
    // Whoever is in the middle of a statement waits for somebody else's transaction, or would go on for long.
    const busy = this.#busy();
    for (const { pid } of busy) await this.control.query('SELECT pg_terminate_backend($1)', [pid]);
    // Also one whose statement was over just before its connection was ended.
    this.#wires.takeBack(busy);
    await this.#tidy();
  }

  async close(): Promise<void> {
    for (const { pid } of this.#busy()) {
      await this.control.query('SELECT pg_terminate_backend($1)', [pid]).catch(() => undefined);
    }
    await Promise.all(this.#wires.all.map((wire) => wire.end()));
    await this.#blockers.end();
    await this.schema.close();
  }

  #busy(): readonly Wire[] {
    return this.#wires.all.filter(({ busy }) => busy);
  }

  async #tidy(): Promise<void> {
    await Promise.all(this.#wires.all.map((wire) => wire.tidy()));
  }

  #wiresOf(actor: Actor): Wires {
    const pool = this.#wires;
    return {
      take: () => pool.take(actor),
      giveBack: (wire) => pool.giveBack(actor, wire),
      closesCircle: () => this.#waiting(actor.index),
      cut: (wire) => pool.cut(actor, wire),
      lasting: (sql) => {
        const deed = this.#read(sql);
        return deed.type === 'access' && deed.writes.length > 0;
      },
      access: (sql) => accessOf(sql, this.#read(sql)),
      wanted: (sql) => new Transaction(this.#isolation).wanted(this.#read(sql)),
      get count() {
        return pool.countOf(actor);
      },
    };
  }

  async #open(): Promise<Wire> {
    const client = await outsideOfCalls(() =>
      connect(this.schema.server.url, this.schema.name, { settings: AS_WITH_MANY_ROWS }),
    );
    return openWire(client, this.#isolation, {
      read: (sql) => this.#read(sql),
      ready: () => this.#ready,
      mayTime: this.#mayTime,
    });
  }
}

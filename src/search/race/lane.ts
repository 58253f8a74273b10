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
import type { Mishap } from '../../designs/sql/design.ts';
import { outsideOfCalls, type Actor } from './actor.ts';
import { readCatalog } from './catalog.ts';
import type { RacePool } from './call.ts';
import { together, Transaction, UNTOUCHED, type Footprint } from './footprint.ts';
import type { Ground } from './ground.ts';
import { poolFor, tooManyConnections, type Wires } from './handle.ts';
import { dropOtherTables, makeReset, RESET, RESET_AS_MADE, tableNames } from './reset.ts';
import { deedReader, takesLocks, type Deed, type Isolation } from './statement.ts';
import { Wire } from './wire.ts';

/** Connections that one call may have at once. */
const MOST_WIRES = 4;

export interface LaneOptions {
  /** Makes the tables. */
  readonly tables: string | ((client: ClientBase) => Promise<void>);
  /** What befalls the store after everything was prepared. */
  readonly mishap?: Pick<Mishap, 'begins' | 'ends'>;
}

export class Lane implements Ground {
  readonly schema: PostgresSchema;
  readonly holder: Holder | null;
  /** Asks who waits for whom, and nothing else. */
  readonly #prober: Client;
  #looking: Promise<void> = Promise.resolve();
  #read: (sql: string) => Deed = () => ({ type: 'anything' });
  /** The tables as they were made, and those with which each execution begins. */
  #madeTables: readonly string[] = [];
  #tables: readonly string[] = [];
  /** Whether something was said since the last reset that may have made a table. */
  #altered = false;
  readonly #mayTime: boolean;
  readonly #mishap: Pick<Mishap, 'begins' | 'ends'> | null;
  #befallen = false;
  /** By actor. The first ones are free, those in use are marked. */
  readonly #wires = new Map<number, { wire: Wire; lent: boolean }[]>();
  readonly #actors = new Map<number, number>();
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
    this.#prober = prober;
    this.#mayTime = mayTime;
    this.#mishap = mishap;
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
    for (const { wire } of this.#all()) await wire.isolate(isolation);
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
    await this.schema.reopenPool();
    const level = `SET default_transaction_isolation = '${this.#isolation}'`;
    // It is carried out before anything that the connection is opened for.
    this.schema.pool.on('connect', (client) => void client.query(level).catch(() => undefined));
  }

  async reset(): Promise<void> {
    await Promise.all(this.#all().map(({ wire }) => wire.tidy()));
    if (this.#altered) await dropOtherTables(this.control, this.schema.name, this.#tables);
    this.#altered = false;
    await this.control.query(RESET);
    this.#onReset();
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
    await setClock(this.control, this.schema.name, now);
  }

  async blockers(pids: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>> {
    // One after another: an answer may come while a look is on its way, and then the next one is asked for.
    const before = this.#looking;
    let over: () => void = () => undefined;
    this.#looking = new Promise((resolve) => (over = resolve));
    await before;
    try {
      return await this.#look(pids);
    } finally {
      over();
    }
  }

  async #look(pids: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>> {
    const { rows } = await this.#prober.query<{ pid: number; blockers: number[] }>({
      name: 'seatproof:blockers',
      text: 'SELECT pid, pg_blocking_pids(pid) AS blockers FROM unnest($1::int[]) AS pid',
      values: [pids],
    });
    return new Map(rows.map(({ pid, blockers }) => [pid, blockers]));
  }

  actorOf(pid: number): number | null {
    return this.#actors.get(pid) ?? null;
  }

  mayWait(actor: Actor, sql: string, pid: number | null): boolean {
    const locks = takesLocks(this.#read(sql));
    for (const [index, wires] of this.#wires) {
      const holds = wires.some(({ wire }) => {
        // What the connection itself holds is no obstacle; what a second one of the same call holds is.
        if (wire.pid === pid) return false;
        return wire.holdsAnything || (locks && (wire.holdsLocks || (index !== actor.index && wire.busy)));
      });
      if (holds) return true;
    }
    return false;
  }

  async cut(actor: Actor): Promise<Footprint> {
    const wires = this.#wires.get(actor.index) ?? [];
    const gone: Footprint[] = [];
    for (const { wire } of wires) if (!wire.busy) gone.push(await this.#cut(actor, wire));
    return together(gone);
  }

  leftOpen(actor: Actor): string | null {
    const wires = (this.#wires.get(actor.index) ?? []).filter(({ wire }) => !wire.dead);
    if (wires.some(({ wire }) => wire.inTransaction)) return 'leaves a transaction open when it answers';
    return wires.some(({ lent }) => lent) ? 'does not release its client' : null;
  }

  async abandon(): Promise<void> {
    // Whoever is in the middle of a statement waits for somebody else's transaction, or would go on for long.
    const busy = this.#all().filter(({ wire }) => wire.busy);
    for (const { wire } of busy) await this.control.query('SELECT pg_terminate_backend($1)', [wire.pid]);
    for (const [index, wires] of this.#wires) {
      for (const each of wires) each.lent = false;
      this.#wires.set(
        index,
        wires.filter(({ wire }) => !wire.dead && !wire.busy),
      );
    }
    await Promise.all(this.#all().map(({ wire }) => wire.tidy()));
  }

  async close(): Promise<void> {
    const busy = this.#all().filter(({ wire }) => wire.busy);
    for (const { wire } of busy) {
      await this.control.query('SELECT pg_terminate_backend($1)', [wire.pid]).catch(() => undefined);
    }
    await Promise.all(this.#all().map(({ wire }) => wire.end()));
    await this.#prober.end().catch(() => undefined);
    await this.schema.close();
  }

  #all(): { wire: Wire; lent: boolean }[] {
    return [...this.#wires.values()].flat();
  }

  #wiresOf(actor: Actor): Wires {
    const mine = (): { wire: Wire; lent: boolean }[] => {
      let wires = this.#wires.get(actor.index);
      if (wires === undefined) this.#wires.set(actor.index, (wires = []));
      return wires;
    };
    const isolation = this.#isolation;
    return {
      take: async () => {
        const free = mine().find(({ lent, wire }) => !lent && !wire.dead);
        if (free !== undefined) {
          free.lent = true;
          return free.wire;
        }
        if (mine().filter(({ wire }) => !wire.dead).length >= MOST_WIRES) {
          const fault = tooManyConnections(actor, MOST_WIRES);
          actor.accuse(fault);
          throw fault;
        }
        const wire = await this.#open(actor);
        mine().push({ wire, lent: true });
        return wire;
      },
      giveBack: (wire) => {
        const wires = mine();
        const at = wires.findIndex((each) => each.wire === wire);
        const found = wires[at];
        if (found === undefined) return;
        if (wire.dead) wires.splice(at, 1);
        else found.lent = false;
      },
      closesCircle: () => this.#waiting(actor.index),
      cut: (wire) => this.#cut(actor, wire),
      lasting: (sql) => {
        const deed = this.#read(sql);
        return deed.type === 'access' && deed.writes.length > 0;
      },
      wanted: (sql) => new Transaction(isolation).wanted(this.#read(sql)),
      get count() {
        const wires = mine();
        return { total: wires.length, idle: wires.filter(({ lent }) => !lent).length };
      },
    };
  }

  async #open(actor: Actor): Promise<Wire> {
    const client = await outsideOfCalls(() => connect(this.schema.server.url, this.schema.name));
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const pid = rows[0]?.pid;
    if (pid === undefined) throw new Error('the server did not name its process');
    const wire = new Wire(client, pid, (sql) => this.#read(sql), this.#isolation, this.#mayTime);
    await wire.isolate(this.#isolation);
    this.#actors.set(pid, actor.index);
    return wire;
  }

  /** For everybody else it is as if the connection had ended: what it held is let go of. */
  async #cut(actor: Actor, wire: Wire): Promise<Footprint> {
    if (wire.dead) return UNTOUCHED;
    const footprint = wire.cut();
    const others = (this.#wires.get(actor.index) ?? []).filter((each) => each.wire !== wire);
    this.#wires.set(actor.index, [...others, { wire: await wire.anew(), lent: false }]);
    return footprint;
  }
}

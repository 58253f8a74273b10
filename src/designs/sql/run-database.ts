/**
 * The database of runs in simulated time: a schema in which a design in SQL is played, one run after another. A run waits
 * while a statement is under way, so that no simulated time passes meanwhile, and starts from the tables as they were made.
 */
import { Pool, type PoolClient } from 'pg';
import { FRESH_SEAT } from '../../core/seat.ts';
import { START, type Instant } from '../../core/time.ts';
import type { SeatRow } from '../../history/history.ts';
import { setClock } from '../../postgres/clock.ts';
import { connectionTo } from '../../postgres/connection.ts';
import { rejectRealTimeInSchema } from '../../postgres/real-time.ts';
import { openSchema, type PostgresSchema } from '../../postgres/schema.ts';
import type { PostgresServer } from '../../postgres/server.ts';
import { dropOtherTables, makeReset, RESET_AS_MADE, tableNames } from '../../postgres/table-reset.ts';
import { rewriteRealTime } from '../../postgres/time-rewriting.ts';
import { guardTime, type PassedStatements } from '../../postgres/time-guard.ts';
import type { SeatStore } from '../../service/store.ts';
import { UsageError } from '../../core/failures.ts';
import type { SqlSystem } from './system.ts';
import { unconnected } from './unconnected.ts';

/** More than a request needs at once, and few enough for several threads on a server of its default size. */
const MOST_CONNECTIONS = 10;

/** A process of the server, which may have crashed. */
interface Process {
  readonly lives: () => boolean;
}

export class RunDatabase {
  readonly system: SqlSystem;
  readonly #schema: PostgresSchema;
  /** The tables as they were made. */
  readonly #tables: readonly string[];
  readonly #passed: PassedStatements = new Set();
  #pool: Pool;
  /** The process that has each connection; those in the pool have none. */
  readonly #owners = new Map<PoolClient, Process>();
  readonly #connections = new Set<PoolClient>();
  /** What the run waits for: statements, and connections that are being opened. */
  readonly #underWay = new Set<object>();
  #idle: (() => void)[] = [];
  /** The clock as it was set last. */
  #now: Instant = START;

  private constructor(schema: PostgresSchema, system: SqlSystem, tables: readonly string[]) {
    this.#schema = schema;
    this.system = system;
    this.#tables = tables;
    this.#pool = this.#newPool();
  }

  /**
   * Throws `UsageError` for tables that cannot be made or read the real time, and for a service that takes the URL of its
   * database; `EnvironmentError` without a server.
   */
  static async open(server: PostgresServer, name: string, system: SqlSystem): Promise<RunDatabase> {
    rejectUrl(name, system);
    const schema = await openSchema(server);
    try {
      const { tables } = system;
      await (typeof tables === 'string' ? schema.control.query(rewriteRealTime(tables)) : tables(schema.control));
      await rejectRealTimeInSchema(schema.control, schema.name);
      await makeReset(schema.control, schema.name, START, RESET_AS_MADE);
      return new RunDatabase(schema, system, await tableNames(schema.control, schema.name));
    } catch (error) {
      await schema.close();
      throw unmade(name, error);
    }
  }

  /** Puts everything back: the tables and the clock as they were made, connections without settings of an earlier run. */
  async reset(): Promise<void> {
    const { control, name } = this.#schema;
    await this.settled();
    if (this.#owners.size > 0) await this.#endConnections();
    for (const client of this.#connections) await client.query(AS_OPENED);
    await dropOtherTables(control, name, this.#tables);
    await control.query(RESET_AS_MADE);
    this.#now = START;
  }

  /** The pool as a process of the server sees it. After its crash nothing that it asks for is answered. */
  poolOf(process: Process): Pool {
    const pool = this.#pool;
    const view = Object.create(pool) as Pool;
    view.connect = ((callback?: ConnectCallback): Promise<PoolClient> | undefined => {
      const connecting = this.#connect(pool, process);
      if (callback === undefined) return connecting;
      connecting.then(
        (client) => callback(undefined, client, (error) => client.release(error)),
        (error: unknown) => callback(error as Error, undefined, () => undefined),
      );
      return undefined;
    }) as Pool['connect'];
    // The pool belongs to all runs.
    view.end = () => Promise.resolve();
    return view;
  }

  /** Sets the database's clock. A store whose clock is set back has the time that it was set to as well. */
  async setClock(now: Instant): Promise<void> {
    if (now === this.#now) return;
    const { control, name } = this.#schema;
    if (now > this.#now) await this.#during(setClock(control, name, now));
    else await this.#during(control.query(`SELECT ${name}.seatproof_reset_clock(${now})`));
    this.#now = now;
  }

  /** Resolves once no statement is under way and no connection is being opened. */
  settled(): Promise<void> {
    if (this.#underWay.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  get isBusy(): boolean {
    return this.#underWay.size > 0;
  }

  /** Every seat in the tables; null where the design does not list them. */
  async rows(): Promise<readonly SeatRow[] | null> {
    const { rows } = this.system;
    return rows === undefined ? null : this.#during(rows(this.#schema.control));
  }

  async close(): Promise<void> {
    await this.#endConnections();
    await this.#schema.close();
  }

  async #connect(pool: Pool, process: Process): Promise<PoolClient> {
    if (!process.lives()) return never();
    const client = await this.#during(pool.connect());
    if (!process.lives()) {
      client.release();
      return never();
    }
    this.#owners.set(client, process);
    return client;
  }

  async #during<T>(work: Promise<T>): Promise<T> {
    this.#began(work);
    try {
      return await work;
    } finally {
      this.#ended(work);
    }
  }

  #began(what: object): void {
    this.#underWay.add(what);
  }

  #ended(what: object): void {
    if (!this.#underWay.delete(what) || this.#underWay.size > 0) return;
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }

  /** Without time limits of its own: they would be timers of the simulated time. */
  #newPool(): Pool {
    const { server, name } = this.#schema;
    const pool = new Pool({
      ...connectionTo(server.url, name),
      max: MOST_CONNECTIONS,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: 0,
    });
    pool.on('error', () => undefined);
    pool.on('connect', (client) => this.#watch(client));
    pool.on('release', (error: unknown, client: PoolClient) => {
      this.#owners.delete(client);
      // The pool ends a connection that is given back with an error; it reports the removal only when the server has closed it.
      if (error) this.#connections.delete(client);
    });
    pool.on('remove', (client) => {
      this.#connections.delete(client);
      this.#owners.delete(client);
    });
    return pool;
  }

  #watch(client: PoolClient): void {
    this.#connections.add(client);
    guardTime(client, this.#passed);
    const query = client.query.bind(client) as (...args: readonly unknown[]) => unknown;
    client.query = ((...args: readonly unknown[]): unknown => {
      if (this.#owners.get(client)?.lives() === false) return never();
      this.#began(client);
      try {
        return query(...args);
      } catch (error) {
        this.#ended(client);
        throw error;
      }
    }) as typeof client.query;
    for (const event of ['drain', 'error', 'end'] as const) client.on(event, () => this.#ended(client));
  }

  /** Also those that a request still holds: it will not go on. Resolves when the server has noticed. */
  async #endConnections(): Promise<void> {
    const pids = [...this.#connections].map((client) => (client as unknown as { processID: number }).processID);
    const former = this.#pool;
    this.#pool = this.#newPool();
    for (const client of this.#owners.keys()) client.release(true);
    await former.end();
    const { control } = this.#schema;
    await control.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ANY ($1)', [pids]);
    for (let open = 1; open > 0;) {
      const { rows } = await control.query<{ open: number }>(
        'SELECT count(*)::int AS open FROM pg_stat_activity WHERE pid = ANY ($1)',
        [pids],
      );
      open = rows[0]?.open ?? 0;
    }
  }
}

type ConnectCallback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void;

/** What a service may have left on a connection that it gave back. */
const AS_OPENED = 'ROLLBACK; RESET ALL; DISCARD TEMP; SELECT pg_advisory_unlock_all()';

/** A process that has crashed hears no more. */
function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

/** Makes a store in memory hold these rows; a row that is gone is a seat that was never granted. */
export function mirror(rows: readonly SeatRow[], store: SeatStore): void {
  const isKnown = ({ scope: { license, symbol } }: SeatRow): boolean =>
    rows.some(({ scope }) => scope.license === license && scope.symbol === symbol);
  const gone = store
    .all()
    .filter((row) => !isKnown(row))
    .map(({ scope }) => ({ scope, seat: FRESH_SEAT }));
  for (const { scope, seat } of [...rows, ...gone]) {
    if (JSON.stringify(store.read(scope)) !== JSON.stringify(seat)) store.write(scope, seat);
  }
}

/** SQL that the server refuses is the user's to mend. */
function unmade(name: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !/^(42|22|23|0A)/.test(String(error.code))) return error;
  return new UsageError(`the tables of ${name} cannot be made: ${error.message}`);
}

/** Simulated time stands still while a statement is under way, and statements of foreign clients are not known. */
function rejectUrl(name: string, system: SqlSystem): void {
  if (!unconnected(system).readsUrl) return;
  throw new UsageError(
    `the service of ${name} takes the url of its database, and in simulated time only statements on the pool can be played: ` +
      `take the pool, or race it with seatproof race`,
  );
}

/** A schema of our own on a server: everything of a run stands in it, and it is dropped when the run is over. */
import { randomBytes } from 'node:crypto';
import { DatabaseError, Pool, type Client } from 'pg';
import { EnvironmentError, isEnvironmentError } from '../core/failures.ts';
import { answered, attempted } from './answer.ts';
import { createClock } from './clock.ts';
import { connect, connectionTo, noServer } from './connection.ts';
import type { PostgresServer } from './server.ts';
import { isLostConnection } from './store-failure.ts';
import { guardTime, type PassedStatements } from './time-guard.ts';

const MOST_CONNECTIONS = 10;
const MARK = 'seatproof run';

export interface PostgresSchema {
  /** `seatproof_` and 16 hex digits, so it needs no quotes. */
  readonly name: string;
  readonly server: PostgresServer;
  /** The run's own connection, for the clock, for looking into tables, and for faults. Its search path is the schema's. */
  readonly control: Client;
  /** Connections with the schema, and so the virtual clock, ahead of `pg_catalog`. Opened when they are needed. */
  readonly pool: Pool;
  /**
   * One more such connection, for calls that are alone under way: what it is asked, it sends at once, and the server carries
   * it out in that order, each statement in a transaction of its own. Opened when it is needed.
   */
  line(): Promise<Client>;
  /** Replaces the connections by new ones, once those in use have done their work; `settings` are theirs from then on. */
  reopenPool(settings?: Readonly<Record<string, string>>): Promise<void>;
  /** Lets go of the connections; drops the schema, unless the server goes too. Can be called twice. */
  close(): Promise<void>;
}

/**
 * A new schema with the virtual clock in it. Drops the schemas that killed runs have left. Throws `EnvironmentError` when
 * the server cannot be reached, does not answer, or does not let us make one.
 */
export async function openSchema(server: PostgresServer): Promise<PostgresSchema> {
  const name = `seatproof_${randomBytes(8).toString('hex')}`;
  const control = await connect(server.url, name);
  try {
    await answered('DROP SCHEMA', dropLeftovers(control));
    await answered('CREATE SCHEMA', create(control, name));
  } catch (error) {
    await attempted(control.end());
    if (server.kind === 'url') await attempted(drop(server, name));
    throw withoutSchema(server, error);
  }
  return handle(server, name, control);
}

async function create(control: Client, name: string): Promise<void> {
  // Locked before it exists, so that at no time it looks left behind.
  await control.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
  await control.query(`CREATE SCHEMA ${name}`);
  await control.query(`COMMENT ON SCHEMA ${name} IS '${MARK}, begun ${new Date().toISOString()}'`);
  await createClock(control, name);
}

function handle(server: PostgresServer, name: string, control: Client): PostgresSchema {
  const passed: PassedStatements = new Set();
  let pool = newPool(server, name, passed);
  let line: Promise<Client> | null = null;
  let closing: Promise<void> | null = null;
  const endLine = async () => {
    const former = line;
    line = null;
    // One that could not be opened has nothing to be let go of.
    await (await former?.catch(() => null))?.end();
  };
  const close = async () => {
    await attempted(Promise.all([pool.end(), endLine()]));
    await attempted(control.end());
    // A server of our own takes its schemas with it. Where one that was there before us does not answer, or is gone, the
    // next run drops the schema.
    if (server.kind === 'url') await attempted(drop(server, name));
  };
  return {
    name,
    server,
    control,
    get pool() {
      return pool;
    },
    line() {
      if (line === null) {
        const opening = openLine(server, name, passed, () => {
          if (line === opening) line = null;
        });
        line = opening;
      }
      return line;
    },
    async reopenPool(settings) {
      const former = pool;
      pool = newPool(server, name, passed, settings);
      await Promise.all([former.end(), endLine()]);
    },
    close: () => (closing ??= close()),
  };
}

/** On a connection of its own, because the run's may be waiting for an answer that never comes. */
async function drop(server: PostgresServer, name: string): Promise<void> {
  const client = await connect(server.url);
  await client.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`);
  await client.end();
}

/** `onLost` is told when it cannot be opened, and when it dies: the next one asked for is a new one. */
async function openLine(
  server: PostgresServer,
  schema: string,
  passed: PassedStatements,
  onLost: () => void,
): Promise<Client> {
  try {
    const client = await connect(server.url, schema, { pipeline: true });
    client.on('error', onLost);
    // What ends the connection while something is asked of it is told to the first who asked, and only later to us.
    client.connection.on('errorMessage', (error) => {
      if (isLostConnection(error)) onLost();
    });
    guardTime(client, passed);
    return client;
  } catch (error) {
    onLost();
    throw error;
  }
}

function newPool(
  server: PostgresServer,
  schema: string,
  passed: PassedStatements,
  settings?: Readonly<Record<string, string>>,
): Pool {
  const pool = new Pool({ ...connectionTo(server.url, schema, settings), max: MOST_CONNECTIONS });
  // An idle connection that dies is replaced by the next one asked for.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => guardTime(client, passed));
  return pool;
}

/**
 * Drops what runs have left that were killed. Each run holds a lock in the name of its schema for as long as it lives, and
 * only a schema that carries our mark is ours to drop.
 */
async function dropLeftovers(control: Client): Promise<void> {
  const { rows } = await control.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_catalog.pg_namespace
     WHERE nspname ~ '^seatproof_[0-9a-f]{16}$' AND obj_description(oid, 'pg_namespace') LIKE '${MARK}%'`,
  );
  // Whoever reads in a schema that was left is not waited for.
  if (rows.length > 0) await control.query(`SET lock_timeout = '1s'`);
  for (const { name } of rows) {
    const lock = await control.query<{ free: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS free',
      [name],
    );
    if (lock.rows[0]?.free !== true) continue;
    await control.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`).catch((error: unknown) => {
      // Another user's: that user's next run will drop it. Or somebody is reading in it: so will the next run.
      if (!(error instanceof DatabaseError)) throw error;
    });
    await control.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
  }
  if (rows.length > 0) await control.query('RESET lock_timeout');
}

function withoutSchema(server: PostgresServer, error: unknown): EnvironmentError {
  if (isEnvironmentError(error)) return error;
  if (error instanceof DatabaseError && error.code === '42501') {
    return new EnvironmentError(
      `the user of the given database may not make a schema in it (${error.message}): ` +
        `allow it with GRANT CREATE ON DATABASE, or use --postgres embedded`,
      { cause: error },
    );
  }
  return noServer(server.url, error);
}

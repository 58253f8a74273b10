/** Schemas of our own: two runs do not disturb each other, and nothing is left of a run. */
import type { Client } from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { instant } from '../../src/core/time.ts';
import { EnvironmentError } from '../../src/core/failures.ts';
import { connect } from '../../src/postgres/connection.ts';
import { deployPostgres } from '../../src/postgres/deployment.ts';
import { openSchema, type PostgresSchema } from '../../src/postgres/schema.ts';
import { openServer, type PostgresServer } from '../../src/postgres/server.ts';
import type { Deployment } from '../../src/service/port.ts';
import { PLAIN, T } from '../service/moments.ts';
import { proxyTo } from './proxy.ts';
import { sharedServer } from './shared-server.ts';

let server: PostgresServer;
let client: Client;
beforeAll(async () => {
  server = await sharedServer();
  client = await connect(server.url);
});
afterAll(() => client.end());

async function exists(schema: string): Promise<boolean> {
  const { rows } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
  return rows.length > 0;
}

const starts = ({ service }: Deployment, session: string) =>
  service.start({
    type: 'start',
    scope: { license: 'key', symbol: '' },
    session,
    device: session,
    takeOver: null,
  });

/** A database of its own on the same server, dropped after the test. */
async function database(about: string, setting: string | null = null): Promise<PostgresServer> {
  const name = `seatproof_test_${process.pid}_${about}`;
  await client.query(`CREATE DATABASE ${name}`);
  onTestFinished(async () => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`)));
  if (setting !== null) await client.query(`ALTER DATABASE ${name} SET ${setting}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return { ...server, url: url.href };
}

test('two deployments side by side have their own seats, clocks and faults', async () => {
  const [one, two] = await Promise.all([deployPostgres(server, PLAIN), deployPostgres(server, PLAIN)]);
  await one.reset(['key']);
  await two.reset(['key']);
  await one.setClock(instant(7));
  expect(await starts(one, 'a')).toMatchObject({ type: 'granted', term: 1, expiry: 7 + T });
  expect(await starts(two, 'b')).toMatchObject({ type: 'granted', term: 1, expiry: T });
  await one.fault('table-missing');
  expect(await starts(one, 'c')).toMatchObject({ type: 'failed' });
  expect(await starts(two, 'c')).toMatchObject({ type: 'refused', holder: { session: 'b' } });
  await one.close();
  expect(await two.held()).toHaveLength(1);
  await two.close();
  await two.close();
});

test('when the server cuts the connection of the run, every handle says so, and the schema is dropped all the same', async () => {
  const schema = await openSchema(server);
  const deployment = await deployPostgres(schema, PLAIN);
  await deployment.reset(['key']);
  const { rows } = await schema.control.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await client.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  const failures = [
    () => deployment.held(),
    () => deployment.setClock(instant(1)),
    () => deployment.fault('writes-refused'),
  ];
  for (const failure of failures) {
    await expect(Promise.resolve(failure())).rejects.toThrow(EnvironmentError);
  }
  await schema.close();
  expect(await exists(schema.name)).toBe(false);
});

test('wherever a server is lost, from the first connection on, it is said that the surroundings failed', async () => {
  let lost = 0;
  for (let messages = 1; ; messages++) {
    const { url } = await proxyTo(server.url, messages);
    let schema: PostgresSchema | null = null;
    try {
      schema = await openSchema(await openServer({ type: 'url', url }));
      const deployment = await deployPostgres(schema, PLAIN);
      await deployment.reset(['key']);
      await starts(deployment, 'a');
      await deployment.alone?.(instant(1), { type: 'sweep' });
      await deployment.fault('writes-refused');
      await deployment.close();
      break;
    } catch (error) {
      expect({ messages, error }).toEqual({ messages, error: expect.any(EnvironmentError) });
      lost += 1;
    } finally {
      await schema?.close();
    }
  }
  // Connecting, the schema, its clock, its tables, the look for the real time, and each call after it.
  expect(lost).toBeGreaterThan(15);
});

test('a connection that is cut while its schema is made leaves none', async () => {
  const other = await database('cut');
  const blocker = await connect(other.url);
  // Whoever makes a schema waits here, and is cut there.
  await blocker.query('BEGIN; LOCK TABLE pg_catalog.pg_proc IN SHARE MODE');
  const opening = openSchema(other).catch((error: unknown) => error);
  const cut = async () =>
    blocker.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND relation = 'pg_catalog.pg_proc'::regclass`,
    );
  while ((await cut()).rows.length === 0);
  await blocker.query('ROLLBACK');
  expect(await opening).toBeInstanceOf(EnvironmentError);
  const { rows } = await blocker.query(`SELECT nspname FROM pg_namespace WHERE nspname ~ '^seatproof_'`);
  expect(rows).toEqual([]);
  await blocker.end();
});

test('a schema is dropped at the end, with the connections to it', async () => {
  const schema = await openSchema(server);
  const deployment = await deployPostgres(schema, PLAIN);
  await deployment.reset(['key']);
  await Promise.all([1, 2, 3].map(async (n) => starts(deployment, `s${n}`)));
  expect(await exists(schema.name)).toBe(true);
  await deployment.close();
  expect(await exists(schema.name)).toBe(true);
  await schema.close();
  await schema.close();
  expect(await exists(schema.name)).toBe(false);
});

test('one schema serves one deployment after another, also after a fault', async () => {
  const schema = await openSchema(server);
  const first = await deployPostgres(schema, PLAIN);
  await first.reset(['key']);
  await starts(first, 'a');
  await first.fault('table-missing');
  await first.close();
  const second = await deployPostgres(schema, { ...PLAIN, expiry: 'after' });
  await second.reset(['key']);
  expect(await starts(second, 'b')).toMatchObject({ type: 'granted', term: 1, expiry: T + 1 });
  await schema.close();
});

test('what a killed run left is dropped by the next; what lives, or is not marked as ours, stays', async () => {
  const left = 'seatproof_00000000deadbeef';
  const theirs = 'seatproof_00000000feedface';
  await client.query(
    `DROP SCHEMA IF EXISTS ${left}, ${theirs} CASCADE; CREATE SCHEMA ${left}; CREATE SCHEMA ${theirs}`,
  );
  await client.query(
    `COMMENT ON SCHEMA ${left} IS 'seatproof run, begun some time ago'; CREATE TABLE ${left}.t (n int)`,
  );
  const living = await openSchema(server);
  const next = await openSchema(server);
  expect(await exists(left)).toBe(false);
  expect(await exists(theirs)).toBe(true);
  expect(await exists(living.name)).toBe(true);
  await client.query(`DROP SCHEMA ${theirs}`);
  await Promise.all([living.close(), next.close()]);
});

test('a connection that is cut while a command runs leaves its outcome unknown, and the next command works', async () => {
  const schema = await openSchema(server);
  const deployment = await deployPostgres(schema, PLAIN);
  await deployment.reset(['key']);
  await starts(deployment, 'a');
  const blocker = await connect(server.url, schema.name);
  await blocker.query('BEGIN; LOCK TABLE seats');
  const outcome = Promise.resolve(starts(deployment, 'b')).catch((error: unknown) => error);
  const cut = async () =>
    client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
       WHERE NOT granted AND relation = '${schema.name}.seats'::regclass`,
    );
  // The command is on its way to the lock.
  while ((await cut()).rows.length === 0);
  expect(await outcome).toBeInstanceOf(EnvironmentError);
  await blocker.query('ROLLBACK');
  await blocker.end();
  expect(await starts(deployment, 'b')).toMatchObject({ type: 'refused' });
  await schema.close();
});

test('a command that is alone under way takes one round trip, its clock and its rows included', async () => {
  const { url, passed } = await proxyTo(server.url);
  const schema = await openSchema({ ...server, url });
  const deployment = await deployPostgres(schema, PLAIN);
  await deployment.reset(['key']);
  const scope = { license: 'key', symbol: '' };
  const ask = (at: number) => deployment.alone?.(instant(at), { type: 'status', scope });
  await ask(1);
  const before = passed();
  for (let at = 2; at <= 101; at++) await ask(at);
  expect(passed() - before).toBeLessThan(200);
  await schema.close();
});

test('its connection is another one after a restart, and after it was cut', async () => {
  const schema = await openSchema(server);
  const deployment = await deployPostgres(schema, PLAIN);
  await deployment.reset(['key']);
  const pidOf = async () => {
    const { rows } = await (await schema.line()).query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return rows[0]?.pid;
  };
  const status = () => deployment.alone?.(instant(1), { type: 'status', scope: { license: 'key', symbol: '' } });
  const first = await pidOf();
  expect(await pidOf()).toBe(first);
  await deployment.restart();
  const second = await pidOf();
  expect(second).not.toBe(first);
  await client.query('SELECT pg_terminate_backend($1)', [second]);
  const left = async () => (await client.query('SELECT FROM pg_stat_activity WHERE pid = $1', [second])).rows.length;
  while ((await left()) > 0);
  // It may be heard of only by the first who asks.
  await status()?.catch((error: unknown) => expect(error).toBeInstanceOf(EnvironmentError));
  expect(await status()).toMatchObject({ reply: { type: 'idle' }, held: [] });
  await expect((await schema.line()).query('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toThrow(
    /terminat/,
  );
  expect(await status()).toMatchObject({ reply: { type: 'idle' }, held: [] });
  await schema.close();
});

test('what reads the real time is not sent over it', async () => {
  const schema = await openSchema(server);
  const line = await schema.line();
  expect(() => line.query('SELECT current_timestamp')).toThrow('CURRENT_TIMESTAMP in line 1 of the SQL');
  await schema.close();
});

test.each([
  ['default_transaction_isolation', 'serializable', 'read committed'],
  ['timezone', 'Asia/Kolkata', 'UTC'],
  ['datestyle', 'German', 'ISO, MDY'],
  ['lock_timeout', '1ms', '0'],
  ['statement_timeout', '1min', '0'],
])('where a database has %s set to %s, ours stays %s', async (name, theirs, ours) => {
  const schema = await openSchema(await database(name, `${name} = '${theirs}'`));
  for (const connection of [schema.control, schema.pool, await schema.line()]) {
    const { rows } = await connection.query<{ value: string }>(`SELECT current_setting('${name}') AS value`);
    expect(rows[0]?.value).toBe(ours);
  }
  await schema.close();
});

test('eight starts at once on a database that is serializable by default are all answered', async () => {
  const other = await database('eight', `default_transaction_isolation = 'serializable'`);
  const deployment = await deployPostgres(other, PLAIN);
  for (let round = 0; round < 10; round++) {
    await deployment.reset(['key']);
    const replies = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(async (n) => starts(deployment, `s${n}`)));
    expect(replies.map(({ type }) => type).sort()).toEqual(['granted', ...Array<string>(7).fill('refused')]);
  }
  await deployment.close();
});

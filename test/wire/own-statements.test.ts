/** What a controller does on the server's side of a connection, and when the server learns that a client has left. */
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import type { Controller, WireConnection, WireStep } from '../../src/wire/step.ts';
import { sharedServer } from '../postgres/shared-server.ts';
import { clientOf, throughProxy } from './through-proxy.ts';

const FORWARD = { type: 'forward' } as const;
const KEY = 730_114;

async function isLocked(): Promise<boolean> {
  const other = await clientOf((await sharedServer()).url);
  const { rows } = await other.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [KEY]);
  await other.end();
  return rows[0]?.free !== true;
}

/** A client through a proxy, and the connection of its latest step. */
async function watched(): Promise<{ readonly client: pg.Client; readonly connection: () => WireConnection }> {
  let connection: WireConnection | null = null;
  const onStep = (step: WireStep) => {
    connection = step.connection;
    return FORWARD;
  };
  const { url } = await throughProxy({ controller: { onStep } });
  return { client: await clientOf(url), connection: () => connection as unknown as WireConnection };
}

test('a statement of the controller runs before the step that is parked, and the client receives nothing of it', async () => {
  const onStep = async ({ connection, statements }: WireStep) => {
    if (statements[0]?.text.startsWith('SHOW') === true) await connection.execute(`SET work_mem = '7MB'`);
    return FORWARD;
  };
  const { url } = await throughProxy({ controller: { onStep } });
  const client = await clientOf(url);
  const { rows, command } = await client.query('SHOW work_mem');
  expect([command, rows]).toEqual(['SHOW', [{ work_mem: '7MB' }]]);
});

test('a statement of the controller that ends the transaction changes the status of the connection', async () => {
  const { client, connection } = await watched();
  await client.query('BEGIN');
  const seen = connection();
  const before = seen.status;
  await seen.execute('ROLLBACK');
  expect([before, seen.status]).toEqual(['open', 'idle']);
  await expect(seen.execute('SELECT nonsense')).rejects.toThrow('nonsense');
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('steps that arrive while a statement of the controller is at the server wait for it', async () => {
  const { client, connection } = await watched();
  await client.query('SELECT 1');
  const own = connection().execute(`SELECT pg_sleep(0.05); SET work_mem = '7MB'`);
  const { rows } = await client.query('SHOW work_mem');
  await own;
  expect(rows).toEqual([{ work_mem: '7MB' }]);
});

test('the server keeps what a client has left until the controller lets it go', async () => {
  let leave: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  let noticed: () => void = () => undefined;
  const hasLeft = new Promise<void>((resolve) => (noticed = resolve));
  const controller: Controller = {
    onStep: () => FORWARD,
    onLeave: () => {
      noticed();
      return left;
    },
  };
  const { url } = await throughProxy({ controller });
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  await client.query('SELECT pg_advisory_lock($1)', [KEY]);
  const ended = client.end();
  await hasLeft;
  const held = await isLocked();
  leave();
  await ended;
  expect(held).toBe(true);
  await expect.poll(isLocked, { timeout: 10_000 }).toBe(false);
});

test('the settings of an admission replace those that the client asks for', async () => {
  const seen: string[] = [];
  const controller: Controller = {
    onConnect: ({ options }) => {
      seen.push(options);
      return { type: 'accept', options: `${options} -c work_mem=9MB` };
    },
    onStep: () => FORWARD,
  };
  const { url } = await throughProxy({ controller });
  const client = await clientOf(url, { options: '-c work_mem=8MB -c statement_timeout=4321' });
  const { rows } = await client.query(
    `SELECT current_setting('work_mem') AS memory, current_setting('statement_timeout') AS timeout`,
  );
  expect(seen).toEqual(['-c work_mem=8MB -c statement_timeout=4321']);
  expect(rows).toEqual([{ memory: '9MB', timeout: '4321ms' }]);
});

test('a pool connects within the process, in the order in which it sends, and reads why its connection was reset', async () => {
  const texts: string[] = [];
  const controller: Controller = {
    onStep: ({ statements, connection }) => {
      texts.push(statements[0]?.text ?? '');
      if (statements[0]?.text === 'SELECT 3') connection.reset();
      return FORWARD;
    },
  };
  const proxy = await throughProxy({ controller });
  const pool = new pg.Pool({ connectionString: proxy.url, stream: () => proxy.connect(), ssl: false });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  onTestFinished(() => pool.end());
  const results = await Promise.all([pool.query('SELECT 1 AS n'), pool.query('SELECT 2 AS n')]);
  expect(results.map(({ rows }) => rows)).toEqual([[{ n: 1 }], [{ n: 2 }]]);
  expect(texts.toSorted()).toEqual(['SELECT 1 AS n', 'SELECT 2 AS n']);
  await expect(pool.query('SELECT 3')).rejects.toMatchObject({ code: 'ECONNRESET' });
  const long = 'x'.repeat(300_000);
  const { rows } = await pool.query<{ length: number }>('SELECT length($1)', [long]);
  expect(rows).toEqual([{ length: 300_000 }]);
  expect((await pool.query<{ x: string }>(`SELECT repeat('x', 300000) AS x`)).rows[0]?.x).toBe(long);
});

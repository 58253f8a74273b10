/** Real clients through the proxy behave as they do without it. */
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { serialize } from 'pg-protocol';
import postgres from 'postgres';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { sharedServer } from '../postgres/shared-server.ts';
import { RawClient } from './raw-client.ts';
import { clientOf, Recorder, throughProxy, type TestProxy } from './through-proxy.ts';

// Steps that are held and steps that pass take different ways through the proxy.
describe.each([
  ['without a controller', () => null],
  ['with each reply held', () => new Recorder()],
  [
    'with each step parked',
    () => new Recorder(() => new Promise((resolve) => setImmediate(() => resolve({ type: 'forward' })))),
  ],
] as readonly (readonly [string, () => Recorder | null])[])('%s', (_, controllerOf) => {
  const open = async (): Promise<TestProxy> => {
    const controller = controllerOf();
    return await throughProxy(controller === null ? {} : { controller });
  };

  test('answers simple, extended and named statements of pg', async () => {
    const client = await clientOf((await open()).url);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect((await client.query('SELECT $1::int + 1 AS two', [1])).rows).toEqual([{ two: 2 }]);
    for (const value of ['a', 'b']) {
      const { rows } = await client.query({ name: 'same', text: 'SELECT $1::text AS value', values: [value] });
      expect(rows).toEqual([{ value }]);
    }
    const several = (await client.query('SELECT 1 AS a; SELECT 2 AS b')) as unknown as readonly pg.QueryResult[];
    expect(several.map(({ rows }) => rows)).toEqual([[{ a: 1 }], [{ b: 2 }]]);
    expect((await client.query('')).rows).toEqual([]);
  });

  test('reports errors and goes on', async () => {
    const client = await clientOf((await open()).url);
    await expect(client.query('SELEC')).rejects.toMatchObject({ code: '42601' });
    await expect(client.query('SELECT 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' });
    await client.query('BEGIN');
    await expect(client.query('SELECT 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' });
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('ROLLBACK');
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('passes notices and notifications', async () => {
    const { url } = await open();
    const [listener, speaker] = [await clientOf(url), await clientOf(url)];
    const notices: (string | undefined)[] = [];
    speaker.on('notice', ({ message }) => notices.push(message));
    const heard = new Promise((resolve) => listener.on('notification', ({ payload }) => resolve(payload)));
    await listener.query('LISTEN wire_test');
    await speaker.query(`DO $$ BEGIN RAISE NOTICE 'take note'; END $$`);
    await speaker.query(`NOTIFY wire_test, 'hello'`);
    expect(notices).toEqual(['take note']);
    expect(await heard).toBe('hello');
  });

  test('carries values of 16 MB both ways', async () => {
    const client = await clientOf((await open()).url);
    const value = 'x'.repeat(16 * 1024 * 1024);
    const { rows } = await client.query<{ value: string }>('SELECT $1::text AS value', [value]);
    expect(rows[0]?.value === value).toBe(true);
  });

  test('runs a transaction, and pipelined statements, of postgres.js', async () => {
    const { url } = await open();
    const sql = postgres(url, { max: 1, fetch_types: false });
    onTestFinished(() => sql.end());
    const both = await Promise.all([sql`SELECT ${1}::int AS n`, sql`SELECT ${2}::int AS n`, sql`SELECT 3 AS n`]);
    expect(both.map(([row]) => row?.['n'] as unknown)).toEqual([1, 2, 3]);
    const rows = await sql.begin(async (tx) => {
      await tx`CREATE TEMPORARY TABLE t (n int) ON COMMIT DROP`;
      await tx`INSERT INTO t VALUES (${5})`;
      return await tx`SELECT n FROM t`;
    });
    expect(rows[0]).toEqual({ n: 5 });
    await expect(sql`SELECT 1 / ${0}::int`).rejects.toMatchObject({ code: '22012' });
    const described = await sql`SELECT ${1}::int AS n`.describe();
    expect(described.columns.map(({ name }) => name)).toEqual(['n']);
    const pieces: number[] = [];
    await sql`SELECT generate_series(1, 5) AS n`.cursor(2, (part) => void pieces.push(part.length));
    expect(pieces).toEqual([2, 2, 1]);
  });

  test('pipelines statements of pg', async () => {
    const client = await clientOf((await open()).url, { pipeline: true });
    const results = await Promise.all([1, 2, 3, 4].map((n) => client.query('SELECT $1::int AS n', [n])));
    expect(results.map(({ rows }) => (rows as { n: number }[])[0]?.n)).toEqual([1, 2, 3, 4]);
  });

  test('copies in and out', async () => {
    const client = await clientOf((await open()).url);
    await client.query('CREATE TEMPORARY TABLE t (n int, word text)');
    const lines = Array.from({ length: 20_000 }, (_each, n) => `${n}\tword ${n}\n`);
    await pipeline(Readable.from(lines), client.query(copyFrom('COPY t FROM STDIN')));
    const copied: Buffer[] = [];
    await pipeline(client.query(copyTo('COPY t TO STDOUT')), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) copied.push(chunk);
    });
    expect(Buffer.concat(copied).toString()).toBe(lines.join(''));
  });

  test('goes on after the data of a COPY was rejected', async () => {
    const client = await clientOf((await open()).url);
    await client.query('CREATE TEMPORARY TABLE t (n int)');
    const lines = Array.from({ length: 50_000 }, (_each, n) => (n === 10 ? 'no number\n' : `${n}\n`));
    const copying = pipeline(Readable.from(lines), client.query(copyFrom('COPY t FROM STDIN')));
    await expect(copying).rejects.toMatchObject({ code: '22P02' });
    expect((await client.query('SELECT count(*)::int AS n FROM t')).rows).toEqual([{ n: 0 }]);
  });

  test('cancels the statement of the connection that is meant', async () => {
    const { url } = await open();
    const [sleeper, other] = [await clientOf(url), await clientOf(url)];
    const query = new pg.Query('SELECT pg_sleep(60)');
    const asleep = once(sleeper.query(query), 'end');
    const active = `SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND wait_event = 'PgSleep' AND pid = $1`;
    const { processID } = sleeper as unknown as { processID: number };
    while ((await other.query(active, [processID])).rowCount === 0);
    const canceller = new pg.Client(url) as pg.Client & { cancel(client: pg.Client, query: pg.Query): void };
    canceller.cancel(sleeper, query);
    await expect(asleep).rejects.toMatchObject({ code: '57014' });
    expect((await sleeper.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('speaks TLS with clients that insist on it', async () => {
    const { url } = await open();
    const client = await clientOf(url, { ssl: { rejectUnauthorized: false } });
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    const sql = postgres(url, { max: 1, ssl: 'require', fetch_types: false });
    onTestFinished(() => sql.end());
    expect((await sql`SELECT ${'x'.repeat(1_000_000)}::text AS x`)[0]?.['x']).toHaveLength(1_000_000);
  });

  test('ends the server process when the client leaves', async () => {
    const { url } = await open();
    const [client, other] = [new pg.Client(url), await clientOf(url)];
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await client.end();
    const alive = () => other.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [rows[0]?.pid]);
    await vi.waitUntil(async () => (await alive()).rowCount === 0);
    expect((await alive()).rows).toEqual([]);
  });
});

test('knows of each connection who it is', async () => {
  const proxy = await throughProxy();
  const client = await clientOf(proxy.url, { application_name: 'first name' });
  const [connection] = proxy.connections;
  const { rows } = await client.query(
    'SELECT pg_backend_pid() AS pid, current_user AS user, current_database() AS database',
  );
  expect(connection).toMatchObject({
    id: 1,
    ...rows[0],
    applicationName: 'first name',
    status: 'idle',
    clientIsOpen: true,
  });
  await client.query(`BEGIN; SET application_name = 'second name'`);
  expect(connection).toMatchObject({ applicationName: 'second name', status: 'open' });
  await expect(client.query('SELEC')).rejects.toThrow('syntax error');
  // pg reports an error before the server is ready again.
  await expect(client.query('SELECT 1')).rejects.toThrow('current transaction is aborted');
  expect(connection?.status).toBe('failed');
});

test('knows the text of prepared statements that the server has accepted', async () => {
  const proxy = await throughProxy({ rewrite: (sql) => sql.replace('one', '1') });
  const client = await clientOf(proxy.url);
  const [connection] = proxy.connections;
  await client.query({ name: 'good', text: 'SELECT one AS n' });
  await client.query({ name: 'bad', text: 'SELEC' }).catch(() => undefined);
  expect(connection?.prepared('good')).toBe('SELECT one AS n');
  expect(connection?.prepared('bad')).toBeNull();
});

test('forgets prepared statements that the client has closed', async () => {
  const proxy = await throughProxy();
  const client = await RawClient.login(proxy.url);
  const [connection] = proxy.connections;
  client.send(serialize.parse({ name: 's', text: 'SELECT 1' }), serialize.sync());
  await client.until('Z');
  expect(connection?.prepared('s')).toBe('SELECT 1');
  client.send(serialize.close({ type: 'S', name: 's' }), serialize.sync());
  await client.until('Z');
  expect(connection?.prepared('s')).toBeNull();
});

test('reaches a server by TLS, and reports one that offers none', async () => {
  // A proxy is a server that speaks TLS.
  const encrypted = await throughProxy();
  const withTls = (url: string) => `${url}?sslmode=no-verify`;
  const client = await clientOf((await throughProxy({ url: withTls(encrypted.url) })).url);
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  const plain = new URL((await sharedServer()).url);
  plain.searchParams.delete('host');
  const { url, problems } = await throughProxy({ url: withTls(plain.href) });
  await expect(clientOf(url)).rejects.toMatchObject({ code: '08006' });
  expect(problems[0]?.message).toBe(
    `the proxy cannot reach the server at ${plain.host}: it offers no TLS, which the URL asks for`,
  );
});

test('rewrites the text of queries and of prepared statements', async () => {
  const { url } = await throughProxy({ rewrite: (sql) => sql.replaceAll('CURRENT', `'rewritten — ✓'`) });
  const client = await clientOf(url);
  expect((await client.query('SELECT CURRENT AS word')).rows).toEqual([{ word: 'rewritten — ✓' }]);
  const named = { name: 'n', text: 'SELECT CURRENT AS word, $1::int AS n', values: [1] };
  expect((await client.query(named)).rows).toEqual([{ word: 'rewritten — ✓', n: 1 }]);
});

test('answers with an error when rewriting throws, and leaves the connection usable', async () => {
  const proxy = await throughProxy({
    rewrite: (sql) => {
      if (sql.includes('forbidden')) throw new Error('that must not be read');
      return sql;
    },
  });
  const client = await clientOf(proxy.url);
  const rejection = { code: '0A000', message: 'that must not be read' };
  await expect(client.query('SELECT forbidden')).rejects.toMatchObject(rejection);
  await expect(client.query('SELECT forbidden, $1', [1])).rejects.toMatchObject(rejection);
  expect((await client.query('SELECT $1::int AS one', [1])).rows).toEqual([{ one: 1 }]);
  expect(proxy.problems.map(({ kind }) => kind)).toEqual(['controller', 'controller']);
});

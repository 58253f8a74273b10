/** Faults that the controller injects look to the client, and to the server, as real ones do. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { serialize } from 'pg-protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Release } from '../../src/wire/step.ts';
import { RawClient } from './raw-client.ts';
import { clientOf, once, Recorder, throughProxy } from './through-proxy.ts';

const { query, parse, bind, execute, flush, sync } = serialize;
const fail = (code: string, severity: 'ERROR' | 'FATAL' = 'ERROR'): Release => ({
  type: 'fail',
  error: { code, message: `injected ${code}`, severity },
});

/** The table has one row, with n = 0. */
async function faulty(pattern: RegExp, release: Release) {
  const recorder = new Recorder(once(pattern, release));
  const proxy = await throughProxy({ controller: recorder });
  return { proxy, recorder, client: await clientOf(proxy.url) };
}

let direct: pg.Client;
beforeEach(async () => {
  direct = await clientOf((await throughProxy()).url);
  await direct.query(
    'CREATE TABLE IF NOT EXISTS wire_faults (n int); TRUNCATE wire_faults; INSERT INTO wire_faults VALUES (0)',
  );
});
const value = async () => (await direct.query<{ n: number }>('SELECT n FROM wire_faults')).rows[0]?.n;

describe.each([
  ['a simple query', (client: pg.Client, sql: string) => client.query(sql)],
  ['the extended protocol', (client: pg.Client, sql: string) => client.query({ text: sql, values: [], name: sql })],
])('a step of %s that fails', (_, run) => {
  test('outside of a transaction changes nothing, and the next one works', async () => {
    const { client } = await faulty(/UPDATE/, fail('40001'));
    const update = () => run(client, 'UPDATE wire_faults SET n = n + 1');
    await expect(update()).rejects.toMatchObject({ code: '40001', message: 'injected 40001' });
    expect(await value()).toBe(0);
    await update();
    expect(await value()).toBe(1);
  });

  test('in a transaction makes it fail, so that its COMMIT rolls back', async () => {
    const { client, recorder } = await faulty(/UPDATE.*2/, fail('40P01'));
    await run(client, 'BEGIN');
    await run(client, 'UPDATE wire_faults SET n = 1');
    await expect(run(client, 'UPDATE wire_faults SET n = 2')).rejects.toMatchObject({ code: '40P01' });
    await expect(run(client, 'SELECT 1')).rejects.toMatchObject({ code: '25P02' });
    expect((await run(client, 'COMMIT')).command).toBe('ROLLBACK');
    expect(await value()).toBe(0);
    expect(recorder.replies.map(({ status }) => status)).toEqual(['open', 'open', 'failed', 'failed', 'idle']);
  });

  test('within a savepoint can be rolled back to it', async () => {
    const { client } = await faulty(/UPDATE.*2/, fail('23505'));
    await run(client, 'BEGIN');
    await run(client, 'UPDATE wire_faults SET n = 1');
    await run(client, 'SAVEPOINT before');
    await expect(run(client, 'UPDATE wire_faults SET n = 2')).rejects.toMatchObject({ code: '23505' });
    await run(client, 'ROLLBACK TO before');
    await run(client, 'COMMIT');
    expect(await value()).toBe(1);
  });

  test('as a COMMIT rolls the transaction back and ends it', async () => {
    const { client, recorder } = await faulty(/COMMIT/, fail('40001'));
    await run(client, 'BEGIN');
    await run(client, 'UPDATE wire_faults SET n = 1');
    await expect(run(client, 'COMMIT')).rejects.toMatchObject({ code: '40001' });
    expect(recorder.replies.at(-1)).toEqual({
      results: [{ type: 'error', code: '40001', message: 'injected 40001', severity: 'ERROR' }],
      status: 'idle',
      copyIn: false,
      closed: false,
    });
    expect(await value()).toBe(0);
    await run(client, 'UPDATE wire_faults SET n = 2');
    expect(await value()).toBe(2);
  });

  test('with a fatal error ends the connection', async () => {
    const { client, proxy } = await faulty(/UPDATE/, fail('57P01', 'FATAL'));
    const ended = new Promise((resolve) => client.once('end', resolve));
    await expect(run(client, 'UPDATE wire_faults SET n = 1')).rejects.toMatchObject({ code: '57P01' });
    await ended;
    expect(await value()).toBe(0);
    expect(proxy.problems).toEqual([]);
  });
});

test('a step that fails after a Flush makes the server wait for the Sync', async () => {
  const recorder = new Recorder(once(/UPDATE.*2/, fail('40001')));
  const client = await RawClient.login((await throughProxy({ controller: recorder })).url);
  const update = (n: number) => [parse({ text: `UPDATE wire_faults SET n = ${n}` }), bind(), execute()];
  client.send(...update(1), flush());
  expect(await client.until('C')).toBe('12C');
  client.send(...update(2), flush());
  expect(await client.until('E')).toBe('E');
  client.send(...update(3), flush(), sync(), query('SELECT 1'));
  expect(await client.until('Z')).toBe('Z');
  expect(await client.until('Z')).toBe('TDCZ');
  expect(await value()).toBe(0);
  client.send(...update(4), sync());
  expect(await client.until('Z')).toBe('12CZ');
  expect(await value()).toBe(4);
});

test('the data of a COPY that fails is dropped', async () => {
  const recorder = new Recorder((step) => (step.kind === 'copy' ? fail('53100') : { type: 'forward' }));
  const client = await clientOf((await throughProxy({ controller: recorder })).url);
  const copying = pipeline(Readable.from(['1\n']), client.query(copyFrom('COPY wire_faults FROM STDIN')));
  await expect(copying).rejects.toMatchObject({ code: '53100' });
  expect((await client.query('SELECT n FROM wire_faults')).rows).toEqual([{ n: 0 }]);
});

test('a COMMIT whose acknowledgement is lost has taken effect', async () => {
  const { client, recorder, proxy } = await faulty(/COMMIT/, { type: 'lose-reply' });
  await client.query('BEGIN');
  await client.query('UPDATE wire_faults SET n = 1');
  await expect(client.query('COMMIT')).rejects.toThrow(/ECONNRESET|Connection terminated/);
  expect(recorder.replies.at(-1)).toMatchObject({ results: [{ tag: 'COMMIT' }], closed: false });
  expect(await value()).toBe(1);
  expect(proxy.connections).toEqual([]);
});

test.each([
  ['plain', {}],
  ['TLS', { ssl: { rejectUnauthorized: false } }],
])('a %s connection that is reset rolls back, and its step is never sent', async (_, config) => {
  const recorder = new Recorder(once(/SELECT/, { type: 'reset' }));
  const proxy = await throughProxy({ controller: recorder });
  const client = await clientOf(proxy.url, config);
  await client.query('BEGIN');
  await client.query('UPDATE wire_faults SET n = 1');
  await expect(client.query('SELECT 1')).rejects.toThrow(/ECONNRESET|Connection terminated/);
  // Waits for the row lock, should the server still hold it.
  await direct.query('UPDATE wire_faults SET n = n + 10');
  expect(await value()).toBe(10);
  expect(recorder.replies).toHaveLength(2);
});

test('a connection that is reset is so for TCP, and not closed', async () => {
  const proxy = await throughProxy();
  const client = await RawClient.login(proxy.url);
  const error = new Promise<NodeJS.ErrnoException>((resolve) => client.socket.once('error', resolve));
  proxy.connections[0]?.reset();
  expect((await error).code).toBe('ECONNRESET');
});

test('a connection that is reset while its statement runs has a reply that says so', async () => {
  const recorder = new Recorder();
  const proxy = await throughProxy({ controller: recorder });
  const client = await clientOf(proxy.url);
  const [connection] = proxy.connections;
  const waiting = client.query('SELECT pg_sleep(60)');
  const asleep = `SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'`;
  while ((await direct.query(asleep, [connection?.pid])).rowCount === 0);
  connection?.reset();
  await expect(waiting).rejects.toThrow(/ECONNRESET|Connection terminated/);
  while (proxy.connections.length > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(recorder.replies).toMatchObject([{ results: [], closed: true }]);
});

describe('a client that connects', () => {
  test('is rejected with an error', async () => {
    const error = { code: '53300', message: 'sorry, too many clients already', severity: 'FATAL' } as const;
    const onConnect = () => ({ type: 'reject', error }) as const;
    const { url } = await throughProxy({ controller: { onConnect, onStep: () => ({ type: 'pass' }) } });
    await expect(clientOf(url)).rejects.toMatchObject({ code: '53300', message: 'sorry, too many clients already' });
  });

  test('is reset', async () => {
    const onConnect = () => Promise.resolve({ type: 'reset' } as const);
    const { url } = await throughProxy({ controller: { onConnect, onStep: () => ({ type: 'pass' }) } });
    await expect(clientOf(url)).rejects.toThrow(/ECONNRESET|Connection terminated/);
  });

  test('is accepted after the controller has seen who it is', async () => {
    const seen: unknown[] = [];
    const onConnect = (opening: unknown) => {
      seen.push(opening);
      return { type: 'accept' } as const;
    };
    const { url } = await throughProxy({ controller: { onConnect, onStep: () => ({ type: 'pass' }) } });
    await clientOf(url, { application_name: 'checkout' });
    const { username, pathname } = new URL(url);
    expect(seen).toEqual([{ user: username, database: pathname.slice(1), applicationName: 'checkout', options: '' }]);
  });
});

test.each([
  [
    'onStep throws',
    {
      onStep: () => {
        throw new Error('a mistake');
      },
    },
  ],
  ['onStep rejects', { onStep: () => Promise.reject(new Error('a mistake')) }],
  [
    'onReply rejects',
    { onStep: () => ({ type: 'forward' }) as const, onReply: () => Promise.reject(new Error('a mistake')) },
  ],
])('a controller whose %s ends the connection, and is reported', async (_, controller) => {
  const proxy = await throughProxy({ controller });
  const client = await clientOf(proxy.url);
  await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '58000', message: 'a mistake' });
  expect(proxy.problems).toMatchObject([{ kind: 'controller', message: 'a mistake' }]);
  while (proxy.connections.length > 0) await new Promise((resolve) => setImmediate(resolve));
});

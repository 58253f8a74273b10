/** Clients that authenticate by SCRAM do so through the proxy, with TLS and without, and none binds it to a channel. */
import { readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openServer, type PostgresServer } from '../../src/postgres/server.ts';
import { withoutChannelBinding } from '../../src/wire/server-messages.ts';
import { clientOf, throughProxy } from './through-proxy.ts';

let server: PostgresServer;
/** Of a user that must authenticate by SCRAM. */
let url: string;
beforeAll(async () => {
  server = await openServer({ type: 'embedded' });
  const admin = new pg.Client(server.url);
  await admin.connect();
  const { rows } = await admin.query<{ hba_file: string }>('SHOW hba_file');
  const file = rows[0]?.hba_file ?? '';
  const rules = ['local', 'host'].map((type) => `${type} all scram ${type === 'host' ? 'all ' : ''}scram-sha-256\n`);
  writeFileSync(file, `${rules.join('')}${readFileSync(file, 'utf8')}`);
  await admin.query(`SELECT pg_reload_conf(); CREATE ROLE scram LOGIN PASSWORD 'se/cret'`);
  await admin.end();
  const target = new URL(server.url);
  target.username = 'scram';
  target.password = 'se%2Fcret';
  url = target.href;
});
afterAll(() => server.close());

test.each([
  ['a Unix socket', () => url],
  [
    'TCP',
    () => {
      const target = new URL(url);
      target.searchParams.delete('host');
      return target.href;
    },
  ],
])('with the server behind %s', async (_, upstream) => {
  const proxy = await throughProxy({ url: upstream() });
  for (const config of [
    {},
    { ssl: { rejectUnauthorized: false } },
    { ssl: { rejectUnauthorized: false }, enableChannelBinding: true },
  ]) {
    const client = await clientOf(proxy.url, config);
    expect((await client.query('SELECT current_user AS me')).rows).toEqual([{ me: 'scram' }]);
  }
  for (const ssl of [false, 'require'] as const) {
    const sql = postgres(proxy.url, { max: 1, ssl, fetch_types: false });
    onTestFinished(() => sql.end());
    expect((await sql`SELECT current_user AS me`)[0]).toEqual({ me: 'scram' });
  }
});

test('a wrong password is rejected by the server', async () => {
  const target = new URL((await throughProxy({ url })).url);
  target.password = 'wrong';
  await expect(clientOf(target.href)).rejects.toMatchObject({ code: '28P01' });
});

test('the offer of a server that could bind channels arrives without it', () => {
  const body = (...names: readonly string[]) => Buffer.from(`\0\0\0\n${names.map((name) => `${name}\0`).join('')}\0`);
  const offer = (...names: readonly string[]) => {
    const bytes = Buffer.concat([Buffer.from('R\0\0\0\0'), body(...names)]);
    bytes.writeUInt32BE(bytes.length - 1, 1);
    return bytes;
  };
  const message = { type: 'R', bytes: offer('SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256') };
  expect(withoutChannelBinding(message)).toEqual(offer('SCRAM-SHA-256'));
  const plain = { type: 'R', bytes: offer('SCRAM-SHA-256') };
  expect(withoutChannelBinding(plain)).toBe(plain.bytes);
});

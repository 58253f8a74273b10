/** Messages are the same wherever the network cuts the bytes. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import { serialize } from 'pg-protocol';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { expect, onTestFinished, test } from 'vitest';
import { CLIENT } from '../../src/wire/client-messages.ts';
import { Framer, readOpening } from '../../src/wire/framing.ts';
import { SEED, seed } from '../seed.ts';
import { sharedServer } from '../postgres/shared-server.ts';
import { clientOf, Recorder, throughProxy } from './through-proxy.ts';

const { query, parse, bind, describe, execute, sync, copyData } = serialize;
const STREAM = Buffer.concat([
  query('SELECT 1'),
  parse({ name: 's', text: 'SELECT $1' }),
  bind({ statement: 's', values: ['x'.repeat(300)] }),
  describe({ type: 'P' }),
  execute(),
  sync(),
  copyData(Buffer.alloc(500, 1)),
]);

function framesOf(chunks: readonly Buffer[]): readonly string[] {
  const framer = new Framer(CLIENT, 'client');
  return chunks.flatMap((chunk) => framer.push(chunk)).map(({ type, bytes }) => `${type} ${bytes.toString('hex')}`);
}

function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const at = [0, ...places.toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

test('a stream cut at any one byte has the same messages', () => {
  const whole = framesOf([STREAM]);
  expect(whole.map((frame) => frame[0]).join('')).toBe('QPBDESd');
  expect(whole.map((frame) => frame.slice(2)).join('')).toBe(STREAM.toString('hex'));
  for (let at = 0; at <= STREAM.length; at++) expect(framesOf(cut(STREAM, [at]))).toEqual(whole);
});

test('a stream cut at random places has the same messages', () => {
  const whole = framesOf([STREAM]);
  const places = fc.array(fc.nat(STREAM.length), { maxLength: 100 });
  fc.assert(
    fc.property(places, (at) => {
      expect(framesOf(cut(STREAM, at))).toEqual(whole);
    }),
    { seed },
  );
});

test('an opening packet is read once it is complete, and not before', () => {
  const startup = serialize.startup({ user: 'me', application_name: 'ä' });
  for (let length = 0; length < startup.length; length++) expect(readOpening(startup.subarray(0, length))).toBeNull();
  const found = readOpening(Buffer.concat([startup, query('SELECT 1')]));
  expect(found?.length).toBe(startup.length);
  expect(found?.opening).toMatchObject({ type: 'startup' });
  const parameters = found?.opening.type === 'startup' ? Object.fromEntries(found.opening.parameters) : {};
  expect(parameters).toMatchObject({ user: 'me', application_name: 'ä' });
});

/** Relays to `url` in chunks whose length `size` gives, each in a write of its own. */
async function chopping(url: string, size: () => number): Promise<string> {
  const target = new URL(url);
  const port = Number(target.port);
  const sockets = new Set<Socket>();
  const relay = (from: Socket, to: Socket) => {
    from.on('data', (chunk: Buffer) => {
      for (let at = 0; at < chunk.length;) {
        const length = size();
        to.write(chunk.subarray(at, at + length));
        at += length;
      }
    });
    from.on('close', () => to.destroy());
  };
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: '127.0.0.1', port, noDelay: true });
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    relay(client, upstream);
    relay(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  target.searchParams.delete('host');
  target.port = String((server.address() as AddressInfo).port);
  return target.href;
}

const random = xoroshiro128plus(seed);
test.each([
  ['of one byte', () => 1],
  ['of random length', () => uniformInt(random, 1, 40)],
])(
  `a session in chunks %s, on both sides of the proxy, is the session that it is without a proxy (${SEED})`,
  async (_, size) => {
    const { url } = await sharedServer();
    const recorder = new Recorder();
    const proxy = await throughProxy({ url: await chopping(url, size), controller: recorder });
    const session = async (through: string) => {
      const client = await clientOf(through);
      const results = [
        await client.query('BEGIN; CREATE TEMPORARY TABLE t (n int, x text) ON COMMIT DROP'),
        await client.query({
          name: 'insert',
          text: 'INSERT INTO t VALUES ($1, $2) RETURNING *',
          values: [1, 'ä'.repeat(99)],
        }),
        await client.query({ name: 'insert', text: 'INSERT INTO t VALUES ($1, $2) RETURNING *', values: [2, null] }),
        await client.query('SELECT * FROM t; SELECT count(*) FROM t'),
        await client.query('SELEC').catch((error: unknown) => (error as { code: string }).code),
        await client.query('ROLLBACK'),
      ];
      return JSON.stringify(results, (key, value: unknown) => (key === 'tableID' ? 0 : value));
    };
    expect(await session(await chopping(proxy.url, size))).toBe(await session(url));
    expect(recorder.seen).toEqual([
      'simple idle: BEGIN | CREATE TEMPORARY TABLE t (n int, x text) ON COMMIT DROP',
      'extended open: INSERT INTO t VALUES ($1, $2) RETURNING *',
      'extended open: INSERT INTO t VALUES ($1, $2) RETURNING *',
      'simple open: SELECT * FROM t | SELECT count(*) FROM t',
      'simple open: SELEC',
      'control failed: ROLLBACK',
    ]);
  },
);

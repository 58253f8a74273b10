/** Parties that break the protocol are named, and never end the process or leave a socket behind. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { serialize } from 'pg-protocol';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readError } from '../../src/wire/server-messages.ts';
import { seed } from '../seed.ts';
import { RawClient } from './raw-client.ts';
import { clientOf, throughProxy } from './through-proxy.ts';

const { query, parse, bind, execute } = serialize;

async function errorAfter(client: RawClient, ...bytes: readonly Uint8Array[]): Promise<unknown> {
  client.send(...bytes);
  const error = (await client.messagesUntil('E')).at(-1);
  const { severity, code, message } = readError(error as NonNullable<typeof error>);
  expect(await client.until('no message has this type')).toBe('.');
  return { severity, code, message };
}

test.each([
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 'it sent "GET / HTTP/1.1"'],
  ['binary', Buffer.from('00000001ffffffff', 'hex'), 'it sent 0x00000001ffffffff'],
  ['a length beyond all limits', Buffer.from('7fffffff00030000', 'hex'), 'it sent 0x7fffffff00030000'],
])('a client that speaks another protocol is told so: %s', async (_, bytes, what) => {
  const proxy = await throughProxy();
  const client = await RawClient.connect(proxy.url);
  const message = `the client does not speak the Postgres protocol: ${what}`;
  expect(await errorAfter(client, bytes)).toEqual({ severity: 'FATAL', code: '08P01', message });
  expect(proxy.problems).toMatchObject([{ kind: 'client-protocol', message }]);
});

test('a client that asks for version 2 of the protocol is told so', async () => {
  const client = await RawClient.connect((await throughProxy()).url);
  expect(await errorAfter(client, Buffer.from('0000000800020000', 'hex'))).toMatchObject({
    message: 'the client asks for version 2.0 of the Postgres protocol; only version 3 is supported',
  });
});

test('bytes that come with the request for TLS are rejected', async () => {
  const client = await RawClient.connect((await throughProxy()).url);
  const both = Buffer.concat([serialize.requestSsl(), serialize.startup({ user: 'mallory' })]);
  expect(await errorAfter(client, both)).toMatchObject({
    message: 'the client sent more with its request for TLS than the request',
  });
});

test.each([
  ['an unknown type', Buffer.from([0x21, 0, 0, 0, 4]), `the client sent no Postgres message: 0x2100000004`],
  ['a length that is too small', Buffer.from([0x51, 0, 0, 0, 3]), `the client sent no Postgres message: 0x5100000003`],
  ['a text without an end', Buffer.from([0x51, 0, 0, 0, 5, 65]), `the client sent a message 'Q' that ends too early`],
  [
    'a Bind that ends too early',
    Buffer.from([0x42, 0, 0, 0, 8, 0, 0, 9, 9]),
    `the client sent a message 'B' that ends too early`,
  ],
  ['a password after the login', serialize.password('x'), `the client sent a message 'p' out of place`],
])('a client that sends %s is told so', async (_, bytes, message) => {
  const proxy = await throughProxy();
  const client = await RawClient.login(proxy.url);
  expect(await errorAfter(client, bytes)).toEqual({ severity: 'FATAL', code: '08P01', message });
  expect(proxy.problems).toMatchObject([{ kind: 'client-protocol', message }]);
  while (proxy.connections.length > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('a client whose violation waits behind a step is the one that is reported', async () => {
  const proxy = await throughProxy({ controller: { onStep: () => Promise.resolve({ type: 'forward' }) } });
  const client = await RawClient.login(proxy.url);
  expect(await errorAfter(client, query('SELECT 1'), serialize.password('x'))).toMatchObject({ code: '08P01' });
  expect(proxy.problems).toMatchObject([{ kind: 'client-protocol' }]);
});

test('a query within the data of a COPY is rejected', async () => {
  const client = await RawClient.login((await throughProxy()).url);
  client.send(query('CREATE TEMPORARY TABLE t (n int); COPY t FROM STDIN'));
  await client.until('G');
  expect(await errorAfter(client, query('SELECT 1'))).toMatchObject({
    message: `the client sent a message 'Q' within the data of a COPY`,
  });
});

test('a client that pipelines without Sync and leaves is reported with its statement', async () => {
  const proxy = await throughProxy();
  const client = await RawClient.login(proxy.url);
  client.send(parse({ text: 'UPDATE nothing' }), bind(), execute(), serialize.end());
  await client.until('no message has this type');
  expect(proxy.problems).toEqual([
    {
      kind: 'no-sync',
      message: `the client left without a Sync or Flush after 'UPDATE nothing', which was never run`,
    },
  ]);
});

/** A server that answers whoever connects with these bytes, and is silent then. */
async function serverThatSays(
  bytes: Uint8Array | null,
): Promise<{ readonly url: string; readonly sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(
      socket
        .on('error', () => undefined)
        .on('close', () => sockets.delete(socket))
        .resume(),
    );
    if (bytes !== null) socket.write(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { url: `postgres://me:secret@127.0.0.1:${(server.address() as AddressInfo).port}/test`, sockets };
}

test.each([
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), '"HTTP/1.1 400 Bad"'],
  ['SMTP', Buffer.from('220 mail ready\r\n'), '"220 mail ready"'],
  ['MySQL', Buffer.from('4a0000000a352e372e3434', 'hex'), '0x4a0000000a352e372e3434'],
])('a server that is not Postgres is named: %s', async (_, bytes, what) => {
  const { url, sockets } = await serverThatSays(bytes);
  const proxy = await throughProxy({ url });
  const message = `the server sent no Postgres message: ${what}`;
  await expect(clientOf(proxy.url)).rejects.toMatchObject({ code: '08P01', message });
  expect(proxy.problems).toMatchObject([{ kind: 'server-protocol', message }]);
  while (sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('a server that sends what nothing asked for is named', async () => {
  const ready = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
  const { url } = await serverThatSays(Buffer.concat([ready, ready.subarray(9)]));
  const proxy = await throughProxy({ url });
  const client = await RawClient.connect(proxy.url);
  expect(await errorAfter(client, serialize.startup({ user: 'me' }))).toMatchObject({
    message: `the server sent a message 'Z' that no message of the client asked for`,
  });
});

test('a server that cannot be reached is named with its address', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const proxy = await throughProxy({ url: `postgres://me:secret@127.0.0.1:${port}/test` });
  const message = `the proxy cannot reach the server at 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`;
  await expect(clientOf(proxy.url)).rejects.toMatchObject({ code: '08006', message });
  expect(proxy.problems).toMatchObject([{ kind: 'server-unreachable', message }]);
});

test('a client that leaves before it has authenticated leaves no connection behind', async () => {
  const proxy = await throughProxy();
  const client = await RawClient.connect(proxy.url);
  const { username } = new URL(proxy.url);
  client.send(serialize.startup({ user: username, database: 'postgres' }));
  expect(await client.until('R')).toBe('R');
  expect(proxy.connections).toHaveLength(1);
  client.socket.destroy();
  await vi.waitUntil(() => proxy.connections.length === 0);
  expect(proxy.connections).toEqual([]);
});

test('close ends clients at every stage, and every connection to the server', async () => {
  const { url, sockets } = await serverThatSays(null);
  const proxy = await throughProxy({ url });
  const { port } = new URL(proxy.url);
  const silent = await RawClient.connect(proxy.url);
  const starting = await RawClient.connect(proxy.url);
  starting.send(serialize.startup({ user: 'me' }));
  const encrypting = await RawClient.connect(proxy.url);
  encrypting.socket.write(serialize.requestSsl());
  while (sockets.size === 0) await new Promise((resolve) => setImmediate(resolve));
  await Promise.all([proxy.close(), proxy.close()]);
  while (sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
  for (const client of [silent, starting, encrypting]) await client.until('no message has this type').catch(() => '.');
  const late = connect(Number(port), '127.0.0.1');
  const [error] = (await new Promise((resolve) => late.once('error', (each) => resolve([each])))) as [
    NodeJS.ErrnoException,
  ];
  expect(error.code).toBe('ECONNREFUSED');
});

test('close ends steps that are parked and replies that are held', async () => {
  const never = new Promise<never>(() => undefined);
  for (const controller of [
    { onStep: () => never },
    { onStep: () => ({ type: 'forward' }) as const, onReply: () => never },
  ]) {
    const proxy = await throughProxy({ controller });
    const client = await clientOf(proxy.url);
    const answer = client.query('SELECT 1');
    await proxy.close();
    await expect(answer).rejects.toThrow(/ECONNRESET|Connection terminated/);
  }
});

test(`random bytes end one connection at most, before and after the login`, async () => {
  const proxy = await throughProxy();
  const witness = await clientOf(proxy.url);
  const types = fc.constantFrom(...Buffer.from('QFPBDECHSXdcfp!\0R'));
  const message = fc.tuple(types, fc.nat(40), fc.uint8Array({ maxLength: 40 })).map(([type, length, body]) => {
    const bytes = Buffer.alloc(5 + body.length);
    bytes.writeUInt8(type, 0);
    bytes.writeUInt32BE(length, 1);
    bytes.set(body, 5);
    return bytes;
  });
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(message, { minLength: 1, maxLength: 6 }), async (loggedIn, messages) => {
      const client = await (loggedIn ? RawClient.login(proxy.url) : RawClient.connect(proxy.url));
      client.send(...messages);
      client.socket.end();
      await new Promise((resolve) => (client.socket.closed ? resolve(null) : client.socket.once('close', resolve)));
      while (proxy.connections.length > 1) await new Promise((resolve) => setImmediate(resolve));
      expect((await witness.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    }),
    { seed, numRuns: 200 },
  );
});

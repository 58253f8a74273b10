/** What the controller sees of a connection, and what it may make of it. */
import { serialize } from 'pg-protocol';
import { describe, expect, test } from 'vitest';
import { Batches } from '../../src/wire/batch.ts';
import { MissingSync } from '../../src/wire/problem.ts';
import type { Release, WireStep } from '../../src/wire/step.ts';
import { RawClient } from './raw-client.ts';
import { clientOf, Recorder, throughProxy } from './through-proxy.ts';

const { query, parse, bind, describe: describeMessage, execute, flush, sync, copyData, copyDone, copyFail } = serialize;
const COPY = 'COPY t FROM STDIN';

/** What a client sends after its login, what it receives, and the steps and results that the controller sees. */
const flows: readonly {
  readonly title: string;
  /** Sent in turn: messages, then the type of the last message that answers them. */
  readonly sends: readonly (readonly (Uint8Array | string)[])[];
  readonly receives: readonly string[];
  readonly steps: readonly string[];
  readonly results: readonly string[];
}[] = [
  {
    title: 'a query of several statements is one step',
    sends: [[query(`SELECT ';' AS a; /* ; */ SELECT 2;`), 'Z']],
    receives: ['TDCTDCZ'],
    steps: [`simple idle: SELECT ';' AS a | /* ; */ SELECT 2`],
    results: ['SELECT 1, SELECT 1 → idle'],
  },
  {
    title: 'a query of transaction control only is a step of the kind control',
    sends: [
      [query('BEGIN'), 'Z'],
      [query('-- why\nSAVEPOINT a'), 'Z'],
      [query('COMMIT; BEGIN'), 'Z'],
      [query('ROLLBACK; SELECT 1'), 'Z'],
    ],
    receives: ['CZ', 'CZ', 'CCZ', 'CTDCZ'],
    steps: [
      'control idle: BEGIN',
      'control open: -- why\nSAVEPOINT a',
      'control open: COMMIT | BEGIN',
      'simple open: ROLLBACK | SELECT 1',
    ],
    results: ['BEGIN → open', 'SAVEPOINT → open', 'COMMIT, BEGIN → open', 'ROLLBACK, SELECT 1 → idle'],
  },
  {
    title: 'Parse and Describe with a Flush pass, and Bind and Execute after them are a step',
    sends: [
      [parse({ name: 's', text: 'SELECT 1' }), describeMessage({ type: 'S', name: 's' }), flush(), 'T'],
      [bind({ statement: 's' }), execute(), sync(), 'Z'],
    ],
    receives: ['1tT', '2DCZ'],
    steps: ['extended idle: SELECT 1'],
    results: ['SELECT 1 → idle'],
  },
  {
    title: 'a Flush or a Sync alone passes',
    sends: [[flush(), sync(), 'Z']],
    receives: ['Z'],
    steps: [],
    results: [],
  },
  {
    title: 'statements that are flushed are a step, and the Sync that commits them is another',
    sends: [
      [parse({ text: 'SELECT 1' }), bind(), execute(), flush(), 'C'],
      [sync(), 'Z'],
      [sync(), 'Z'],
    ],
    receives: ['12DC', 'Z', 'Z'],
    steps: ['extended idle: SELECT 1', 'control idle: '],
    results: ['SELECT 1 → idle', ' → idle'],
  },
  {
    title: 'a statement that is only bound takes its snapshot, so that is a step',
    sends: [
      [query('BEGIN'), 'Z'],
      [parse({ text: 'SELECT generate_series(1, 3)' }), bind({ portal: 'p' }), sync(), 'Z'],
      [execute({ portal: 'p', rows: 2 }), sync(), 'Z'],
      [execute({ portal: 'p', rows: 2 }), sync(), 'Z'],
    ],
    receives: ['CZ', '12Z', 'DDsZ', 'DCZ'],
    steps: [
      'control idle: BEGIN',
      'extended open: SELECT generate_series(1, 3) (bound)',
      'extended open: SELECT generate_series(1, 3)',
      'extended open: SELECT generate_series(1, 3)',
    ],
    results: ['BEGIN → open', ' → open', 'SUSPENDED → open', 'SELECT 1 → open'],
  },
  {
    title: 'statements up to one Sync are one step, and end at the first error',
    sends: [
      [
        parse({ text: 'SELECT 1' }),
        bind(),
        execute(),
        parse({ text: 'SELECT 1 / (0 * random())::int' }),
        bind(),
        execute(),
        parse({ text: 'SELECT 2' }),
        bind(),
        execute(),
        sync(),
        'Z',
      ],
    ],
    receives: ['12DC12EZ'],
    steps: ['extended idle: SELECT 1 | SELECT 1 / (0 * random())::int | SELECT 2'],
    results: ['SELECT 1, error 22012 → idle'],
  },
  {
    title: 'pipelined batches are steps of their own',
    sends: [
      [
        parse({ text: 'SELECT 1' }),
        bind(),
        execute(),
        sync(),
        parse({ text: 'SELECT 2' }),
        bind(),
        execute(),
        sync(),
        'Z',
      ],
      ['Z'],
    ],
    receives: ['12DCZ', '12DCZ'],
    steps: ['extended idle: SELECT 1', 'extended idle: SELECT 2'],
    results: ['SELECT 1 → idle', 'SELECT 1 → idle'],
  },
  {
    title: 'after an error that was flushed all is ignored up to the Sync',
    sends: [
      [parse({ text: 'SELEC' }), bind(), execute(), flush(), 'E'],
      [parse({ text: 'SELECT 1' }), bind(), execute(), flush(), query('SELECT 2'), sync(), 'Z'],
      [query('SELECT 3'), 'Z'],
    ],
    receives: ['E', 'Z', 'TDCZ'],
    steps: ['extended idle: SELEC', 'simple idle: SELECT 3'],
    results: ['error 42601 → idle', 'SELECT 1 → idle'],
  },
  {
    title: 'the end of the data of a COPY is a step',
    sends: [
      [query(COPY), 'G'],
      [copyData(Buffer.from('1\n')), copyDone(), 'Z'],
    ],
    receives: ['G', 'CZ'],
    steps: [`simple idle: ${COPY}`, `copy idle: ${COPY}`],
    results: [' → idle (copy in)', 'COPY 1 → idle'],
  },
  {
    title: 'a COPY by the extended protocol ends with its Sync, and ignores one before the data',
    sends: [
      [parse({ text: COPY }), bind(), execute(), sync(), 'G'],
      [sync(), flush(), copyData(Buffer.from('1\n2\n')), copyDone(), sync(), 'Z'],
      [query('SELECT 1'), 'Z'],
    ],
    receives: ['12G', 'CZ', 'TDCZ'],
    steps: [`extended idle: ${COPY}`, `copy idle: ${COPY}`, 'simple idle: SELECT 1'],
    results: [' → idle (copy in)', 'COPY 2 → idle', 'SELECT 1 → idle'],
  },
  {
    title: 'a COPY whose data arrives before the server asks for it',
    sends: [[query(COPY), copyData(Buffer.from('1\n')), copyDone(), query('SELECT 1'), 'G'], ['Z'], ['Z']],
    receives: ['G', 'CZ', 'TDCZ'],
    steps: [`simple idle: ${COPY}`, `copy idle: ${COPY}`, 'simple idle: SELECT 1'],
    results: [' → idle (copy in)', 'COPY 1 → idle', 'SELECT 1 → idle'],
  },
  {
    title: 'a COPY that the client gives up, within a query of several statements',
    sends: [
      [query(`SELECT 1; ${COPY}; SELECT 2`), 'G'],
      [copyFail('changed my mind'), 'Z'],
    ],
    receives: ['TDCG', 'EZ'],
    steps: [`simple idle: SELECT 1 | ${COPY} | SELECT 2`, `copy idle: SELECT 1 | ${COPY} | SELECT 2`],
    results: ['SELECT 1 → idle (copy in)', 'error 57014 → idle'],
  },
  {
    title: 'two COPY statements in one query are a step each for their data',
    sends: [
      [query(`${COPY}; ${COPY}`), 'G'],
      [copyData(Buffer.from('1\n')), copyDone(), 'G'],
      [copyData(Buffer.from('2\n')), copyDone(), 'Z'],
    ],
    receives: ['G', 'CG', 'CZ'],
    steps: [`simple idle: ${COPY} | ${COPY}`, `copy idle: ${COPY} | ${COPY}`, `copy idle: ${COPY} | ${COPY}`],
    results: [' → idle (copy in)', 'COPY 1 → idle (copy in)', 'COPY 1 → idle'],
  },
  {
    title: 'data of a COPY that was rejected is ignored',
    sends: [
      [query(COPY), 'G'],
      [copyData(Buffer.from('no number\n')), copyData(Buffer.from('1\n')), copyDone(), 'Z'],
      [copyData(Buffer.from('1\n')), query('SELECT 1'), 'Z'],
    ],
    receives: ['G', 'EZ', 'TDCZ'],
    steps: [`simple idle: ${COPY}`, `copy idle: ${COPY}`, 'simple idle: SELECT 1'],
    results: [' → idle (copy in)', 'error 22P02 → idle', 'SELECT 1 → idle'],
  },
  {
    title: 'a function call is a step',
    // pg_backend_pid takes no arguments and has the object id 2026.
    sends: [[functionCall(2026), 'Z']],
    receives: ['VZ'],
    steps: ['simple idle: function call 2026'],
    results: [' → idle'],
  },
];

/** A FunctionCall without arguments, whose result is to be text. */
function functionCall(oid: number): Buffer {
  const bytes = Buffer.from([0x46, 0, 0, 0, 14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  bytes.writeUInt32BE(oid, 5);
  return bytes;
}

describe.each([
  ['released at once', undefined],
  ['parked', () => new Promise<Release>((resolve) => setImmediate(() => resolve({ type: 'forward' })))],
])('steps that are %s', (_, decide) => {
  test.each(flows)('$title', async ({ sends, receives, steps, results }) => {
    const recorder = new Recorder(decide);
    const proxy = await throughProxy({ controller: recorder });
    const client = await RawClient.login(proxy.url);
    client.send(query('CREATE TEMPORARY TABLE t (n int)'));
    await client.until('Z');
    const received: string[] = [];
    for (const send of sends) {
      client.send(...send.filter((part) => typeof part !== 'string'));
      received.push(await client.until(send.at(-1) as string));
    }
    expect(received).toEqual(receives);
    expect(recorder.seen.slice(1)).toEqual(steps);
    expect(
      recorder.replies.slice(1).map(({ results: each, status, copyIn }) => {
        const shown = each.map((result) => (result.type === 'error' ? `error ${result.code}` : result.tag));
        return `${shown.join(', ')} → ${status}${copyIn ? ' (copy in)' : ''}`;
      }),
    ).toEqual(results);
    expect(proxy.problems).toEqual([]);
  });
});

test('a statement has its parameters: text, null, and the bytes of a binary format', async () => {
  const recorder = new Recorder();
  const client = await clientOf((await throughProxy({ controller: recorder })).url);
  await client.query('SELECT $1::text, $2::text, $3::bytea', ['ä', null, Buffer.from([1, 2])]);
  await client.query({ name: 'named', text: 'SELECT $1::int', values: [1] });
  expect(recorder.steps[0]?.statements[0]?.parameters).toEqual(['ä', null, Buffer.from([1, 2])]);
  expect(recorder.steps[1]?.statements[0]).toEqual({
    text: 'SELECT $1::int',
    parameters: ['1'],
    name: 'named',
    executed: true,
  });
});

test('a parked step has not reached the server', async () => {
  const parked: (() => void)[] = [];
  const controller = {
    onStep: (): Promise<Release> => new Promise((resolve) => parked.push(() => resolve({ type: 'forward' }))),
  };
  const proxy = await throughProxy({ controller });
  const direct = await clientOf((await throughProxy()).url);
  const client = await clientOf(proxy.url);
  const answer = client.query('SELECT 1 AS one');
  while (parked.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const state = 'SELECT state, query FROM pg_stat_activity WHERE pid = $1';
  expect((await direct.query(state, [proxy.connections[0]?.pid])).rows).toEqual([{ state: 'idle', query: '' }]);
  parked[0]?.();
  expect((await answer).rows).toEqual([{ one: 1 }]);
});

test('a Parse that waits for a lock shows that it is at the server', async () => {
  const proxy = await throughProxy({ controller: new Recorder() });
  const direct = await clientOf((await throughProxy()).url);
  await direct.query('CREATE TABLE wire_locked (n int)');
  await direct.query('BEGIN; LOCK TABLE wire_locked');
  const client = await RawClient.login(proxy.url);
  const [connection] = proxy.connections;
  expect(connection?.isAtServer).toBe(false);
  client.send(parse({ name: 's', text: 'SELECT n FROM wire_locked' }), flush());
  const blocked = 'SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked';
  const isBlocked = async () => (await direct.query<{ blocked: boolean }>(blocked, [connection?.pid])).rows[0]?.blocked;
  while ((await isBlocked()) !== true);
  expect(connection?.isAtServer).toBe(true);
  await direct.query('COMMIT');
  expect(await client.until('1')).toBe('1');
  expect(connection?.isAtServer).toBe(false);
  // Until then the statement keeps its lock.
  client.send(sync());
  await client.until('Z');
  await direct.query('DROP TABLE wire_locked');
});

test('the client waits for a reply that is held, although the statement has taken effect', async () => {
  let deliver: () => void = () => undefined;
  const holding = new Promise<void>((resolve) => {
    deliver = resolve;
  });
  let replied = (): void => undefined;
  const reply = new Promise<void>((resolve) => (replied = resolve));
  const controller = {
    onStep: (): Release => ({ type: 'forward' }),
    onReply: async () => {
      replied();
      await holding;
    },
  };
  const client = await clientOf((await throughProxy({ controller })).url);
  let answered = false;
  const answer = client.query('SELECT 1 AS one').then(() => (answered = true));
  await reply;
  await new Promise((resolve) => setImmediate(resolve));
  expect(answered).toBe(false);
  deliver();
  expect(await answer).toBe(true);
});

test('a step takes effect although its client has left, and then the connection ends', async () => {
  const parked: ((release: Release) => void)[] = [];
  const closed: number[] = [];
  const replies: unknown[] = [];
  const controller = {
    onStep: (): Promise<Release> => new Promise((resolve) => parked.push(resolve)),
    onReply: (_: WireStep, reply: unknown) => void replies.push(reply),
    onClose: ({ id }: { readonly id: number }) => void closed.push(id),
  };
  const proxy = await throughProxy({ controller });
  const other = await clientOf((await throughProxy()).url);
  await other.query('CREATE TABLE IF NOT EXISTS wire_left (n int); TRUNCATE wire_left');
  const client = await RawClient.login(proxy.url);
  client.send(query('INSERT INTO wire_left VALUES (1)'));
  while (parked.length === 0) await new Promise((resolve) => setImmediate(resolve));
  client.socket.destroy();
  while (proxy.connections[0]?.clientIsOpen === true) await new Promise((resolve) => setImmediate(resolve));
  expect((await other.query('SELECT n FROM wire_left')).rows).toEqual([]);
  parked[0]?.({ type: 'forward' });
  while (closed.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect((await other.query('SELECT n FROM wire_left')).rows).toEqual([{ n: 1 }]);
  expect(replies).toHaveLength(1);
  expect(proxy.connections).toEqual([]);
  await other.query('DROP TABLE wire_left');
});

test('a server process that is terminated ends the reply, and the client reads why', async () => {
  const recorder = new Recorder();
  const proxy = await throughProxy({ controller: recorder });
  const [client, other] = [await clientOf(proxy.url), await clientOf((await throughProxy()).url)];
  const pid = proxy.connections[0]?.pid;
  const waiting = client.query('SELECT pg_sleep(60)');
  while (
    (await other.query(`SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'`, [pid])).rowCount ===
    0
  );
  await other.query('SELECT pg_terminate_backend($1)', [pid]);
  await expect(waiting).rejects.toMatchObject({ code: '57P01' });
  expect(recorder.replies).toMatchObject([{ closed: true, results: [{ code: '57P01', severity: 'FATAL' }] }]);
});

test('the server waits for a client that does not read', async () => {
  const proxy = await throughProxy();
  const other = await clientOf(proxy.url);
  const client = await RawClient.login(proxy.url);
  const { pid } = proxy.connections[1] ?? {};
  client.socket.pause();
  client.send(query(`SELECT repeat('x', 100000) FROM generate_series(1, 5000)`));
  const blocked = `SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'ClientWrite'`;
  while ((await other.query(blocked, [pid])).rowCount === 0);
  client.socket.resume();
  expect(await client.until('Z')).toMatch(/^TD{5000}CZ$/);
});

test('a client whose step is parked is read only so far', async () => {
  const parked: ((release: Release) => void)[] = [];
  let passing = false;
  const controller = {
    onStep: (): Release | Promise<Release> =>
      passing ? { type: 'pass' } : new Promise<Release>((resolve) => parked.push(resolve)),
  };
  const client = await RawClient.login((await throughProxy({ controller })).url);
  const [count, size] = [48, 1024 * 1024];
  const one = query(`SELECT length('${'x'.repeat(size)}')`);
  client.send(...Array.from({ length: count }, () => one));
  // Each turn reads up to 64 kB, so these would do for more than is sent.
  for (let turn = 0; turn < 3_000; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(parked).toHaveLength(1);
  expect(client.socket.writableLength).toBeGreaterThan((count * size) / 2);
  passing = true;
  parked[0]?.({ type: 'pass' });
  for (let answered = 0; answered < count; answered++) expect(await client.until('Z')).toBe('TDCZ');
});

test('messages without Sync or Flush are kept up to a limit', () => {
  const batches = new Batches((sql) => sql);
  const message = { type: 'D', bytes: describeMessage({ type: 'S', name: 'x'.repeat(1024 * 1024) }) };
  for (let megabytes = 1; megabytes < 256; megabytes++) batches.take(message);
  expect(() => batches.take(message)).toThrow(MissingSync);
});

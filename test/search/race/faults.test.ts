/** Calls that no order can be made of: each is named with its statement, nothing hangs, and nothing is left behind. */
import { connect } from 'node:net';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RaceFault } from '../../../src/search/race/fault.ts';
import type { RaceCall } from '../../../src/search/race/call.ts';
import { START } from '../../../src/core/time.ts';
import { openServer } from '../../../src/postgres/server.ts';
import { Lane } from '../../../src/search/race/lane.ts';
import { laneWith } from './lane-for-tests.ts';
import { claimIfFree, count, TABLES } from './logins.ts';

let lane: Lane;
beforeAll(async () => {
  lane = await laneWith(TABLES);
});
afterAll(() => lane.close());

const CLAIM = `UPDATE seats SET device = 'x' WHERE license = 'L1'`;
let runs = 0;

const rows: readonly { says: string; kind: string; statement: string | null; run: RaceCall['run'] }[] = [
  {
    says: 'a call that waits for what never comes',
    kind: 'never-finishes',
    statement: 'SELECT 1',
    run: async ({ pool }) => {
      await pool.query('SELECT 1');
      await new Promise(() => undefined);
    },
  },
  {
    says: 'a call that tries for ever',
    kind: 'never-finishes',
    statement: 'SELECT device FROM seats',
    run: async ({ pool }) => {
      for (;;) await pool.query('SELECT device FROM seats');
    },
  },
  {
    says: 'a connection that the call was not handed',
    kind: 'foreign-connection',
    statement: 'SELECT 1',
    run: async ({ pool }) => {
      await pool.query('SELECT 1');
      const client = new Client(lane.schema.server.url);
      await client.connect();
      await client.end();
    },
  },
  {
    says: 'a socket of any other kind',
    kind: 'foreign-connection',
    statement: 'SELECT 1',
    run: async ({ pool }) => {
      await pool.query('SELECT 1');
      connect(9, '127.0.0.1').on('error', () => undefined);
      await pool.query('SELECT 2');
    },
  },
  {
    says: 'a transaction that is left open',
    kind: 'open-transaction',
    statement: CLAIM,
    run: async ({ pool }) => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(CLAIM);
      client.release();
    },
  },
  {
    says: 'a client that is never released',
    kind: 'open-transaction',
    statement: 'SELECT 1',
    run: async ({ pool }) => {
      await (await pool.connect()).query('SELECT 1');
    },
  },
  {
    says: 'another statement when the same order is played again',
    kind: 'not-deterministic',
    statement: 'SELECT 1',
    run: async ({ pool }) => {
      runs += 1;
      await pool.query(`SELECT ${runs}`);
      await pool.query(CLAIM);
    },
  },
  {
    says: 'a lock that a second connection of the call itself holds',
    kind: 'stuck',
    statement: CLAIM,
    run: async ({ pool }) => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(CLAIM);
      await pool.query(CLAIM);
    },
  },
  {
    says: 'too many connections',
    kind: 'too-many-connections',
    statement: 'SELECT 1',
    run: async ({ pool }) => {
      for (let i = 0; i < 11; i++) await (await pool.connect()).query('SELECT 1');
    },
  },
];

test('a statement that a call sends in the background is reported, and the lane is as good as new', async () => {
  let goOn = (): void => undefined;
  const laptop: RaceCall['run'] = async ({ pool }) => {
    const signal = new Promise<void>((resolve) => (goOn = resolve));
    await Promise.all([pool.query('SELECT 1'), signal.then(() => pool.query(CLAIM))]);
  };
  const desktop: RaceCall['run'] = async ({ pool }) => {
    goOn();
    await pool.query('SELECT 2');
  };
  const calls = [
    { name: 'laptop: start', run: laptop },
    { name: 'desktop: start', run: desktop },
  ];
  const fault = await count(lane, calls, { mode: 'raw', patience: 300 }).catch((error: unknown) => error);
  expect(fault).toMatchObject({ kind: 'background', call: 'laptop: start', statement: CLAIM });
  const { outcomes } = await count(lane, [claimIfFree('laptop'), claimIfFree('desktop')]);
  expect(outcomes).toEqual({ 'granted, refused': 1, 'refused, granted': 1 });
});

test.each(rows)('$says', async ({ kind, statement, run }) => {
  runs = 0;
  const calls = [{ name: 'laptop: start', run }, claimIfFree('desktop')];
  const fault = await count(lane, calls, { mode: 'raw', mostSteps: 30, patience: 300 }).catch(
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(RaceFault);
  expect(fault).toMatchObject({ kind, call: 'laptop: start', statement });
  // The lane is as good as new.
  const { outcomes } = await count(lane, [claimIfFree('laptop'), claimIfFree('desktop')]);
  expect(outcomes).toEqual({ 'granted, refused': 1, 'refused, granted': 1 });
});

test('a step of its own may talk to whom it likes', async () => {
  const run: RaceCall['run'] = async ({ step }) => {
    await step('ask another server', () => {
      connect(9, '127.0.0.1').on('error', () => undefined);
    });
    return 'done';
  };
  const { outcomes } = await count(lane, [{ name: 'laptop', run }]);
  expect(outcomes).toEqual({ done: 1 });
});

test('a time limit that ends a statement which waits is told, and what it ended is as good as new', async () => {
  const within =
    (statements: readonly string[]): RaceCall['run'] =>
    async ({ pool }) => {
      const client = await pool.connect();
      try {
        for (const sql of ['BEGIN', ...statements, 'COMMIT']) await client.query(sql);
      } catch {
        await client.query('ROLLBACK');
      } finally {
        client.release();
      }
    };
  const calls = [
    { name: 'laptop: start', run: within([CLAIM, 'SELECT count(*) FROM generate_series(1, 300000)']) },
    { name: 'desktop: start', run: within([`SET LOCAL lock_timeout = '1ms'`, CLAIM]) },
  ];
  for (let time = 0; time < 3; time++) {
    const fault = { kind: 'time-limit', call: 'desktop: start', statement: CLAIM };
    await expect(count(lane, calls, { mode: 'raw' })).rejects.toMatchObject(fault);
  }
  const { outcomes } = await count(lane, [claimIfFree('laptop'), claimIfFree('desktop')]);
  expect(outcomes).toEqual({ 'granted, refused': 1, 'refused, granted': 1 });
});

test('a lock that is not waited for at all is no time limit', async () => {
  const run: RaceCall['run'] = async ({ pool }) => {
    const client = await pool.connect();
    await client.query('BEGIN');
    const { rowCount } = await client.query('SELECT 1 FROM seats FOR UPDATE NOWAIT').catch(() => ({ rowCount: null }));
    await client.query('ROLLBACK');
    client.release();
    return rowCount === null ? 'taken' : 'free';
  };
  const { outcomes } = await count(lane, [
    { name: 'a', run },
    { name: 'b', run },
  ]);
  expect(Object.keys(outcomes).toSorted()).toEqual(['free, free', 'free, taken', 'taken, free']);
});

test('a statement whose real time cannot be replaced is rejected before it is sent', async () => {
  const run: RaceCall['run'] = ({ pool }) => pool.query(`SELECT 'now'`);
  await expect(count(lane, [{ name: 'laptop', run }])).rejects.toThrow(/'now' .* reads the real time/);
});

test('a server that is lost is told with the call and the statement, and nothing hangs', async () => {
  const server = await openServer({ type: 'embedded' });
  const own = await Lane.open(server, { tables: TABLES });
  await own.begin('read committed', () => Promise.resolve(START));
  const run: RaceCall['run'] = async ({ pool, step }) => {
    await pool.query('SELECT 1');
    await step('the server goes', () => server.close());
    await pool.query(CLAIM);
  };
  const lost = await count(own, [{ name: 'laptop: start', run }]).catch((error: unknown) => error);
  await own.close();
  expect(lost).toMatchObject({
    name: 'EnvironmentError',
    message: expect.stringMatching(/lost while laptop: start ran, after the server goes/) as string,
  });
});

test('when the lane is closed, no connection and no schema of it is left', async () => {
  const own = await laneWith(TABLES);
  await count(own, [claimIfFree('laptop'), claimIfFree('desktop')]);
  const { name } = own.schema;
  await own.close();
  const left = async (): Promise<readonly unknown[]> => {
    const found = await lane.control.query(
      `SELECT 1 FROM pg_namespace WHERE nspname = $1
       UNION ALL SELECT 1 FROM pg_stat_activity WHERE application_name = 'seatproof' AND query LIKE '%' || $1 || '%' AND pid <> pg_backend_pid()`,
      [name],
    );
    return found.rows;
  };
  // The server takes a moment to end the process of a connection that was closed.
  await expect.poll(left, { timeout: 10_000 }).toEqual([]);
});

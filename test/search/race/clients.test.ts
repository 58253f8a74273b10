/** The db that a call is handed takes the shapes of node-postgres, so that a service written for it runs unmodified. */
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { START } from '../../../src/core/time.ts';
import type { RaceCall, RaceTools } from '../../../src/search/race/call.ts';
import type { Lane } from '../../../src/search/race/lane.ts';
import { laneWith } from './lane-for-tests.ts';
import { count, TABLES } from './logins.ts';

let lane: Lane;
beforeAll(async () => {
  lane = await laneWith(
    `${TABLES}; CREATE TABLE beats (at timestamptz DEFAULT CURRENT_TIMESTAMP, day date DEFAULT CURRENT_DATE)`,
  );
  // By its statistics the table would best be read as a whole.
  await lane.control.query('VACUUM ANALYZE seats');
});
afterAll(() => lane.close());

const LICENSE = 'SELECT license FROM seats WHERE license = $1';

const rows: readonly {
  says: string;
  run: (pool: RaceTools['pool'], url: string) => Promise<unknown>;
  answers: string;
}[] = [
  { says: 'text alone', run: async (pool) => (await pool.query('SELECT 1 AS one')).rows[0]?.one, answers: '1' },
  { says: 'text and values', run: async (pool) => (await pool.query(LICENSE, ['L1'])).rows[0]?.license, answers: 'L1' },
  {
    says: 'a config object with values, said twice',
    run: async (pool) => {
      const config = { name: 'by-license', text: LICENSE, values: ['L1'] };
      await pool.query(config);
      return (await pool.query(config)).rows[0]?.license;
    },
    answers: 'L1',
  },
  {
    says: 'rows as arrays',
    run: async (pool) => (await pool.query<string[]>({ text: LICENSE, values: ['L1'], rowMode: 'array' })).rows[0],
    answers: 'L1',
  },
  {
    says: 'a pool that query builders know for one by its name',
    run: async (pool) => /Pool/.test(Object.getPrototypeOf(pool).constructor.name),
    answers: 'true',
  },
  {
    says: 'a client that is closed with what it left open',
    run: async (pool) => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(`UPDATE seats SET device = 'x'`);
      client.release(true);
      return (await pool.query('SELECT device FROM seats')).rows[0]?.device;
    },
    answers: 'null',
  },
  {
    says: 'an index that is used, as it is where there are many rows',
    run: async (pool) => {
      const { rows: plan } = await pool.query(`EXPLAIN SELECT device FROM seats WHERE license = 'L1'`);
      return /^\w+ Scan/.exec(plan[0]['QUERY PLAN'])?.[0];
    },
    answers: 'Index Scan',
  },
  {
    says: 'a client by callback',
    run: (pool) =>
      new Promise((resolve) => {
        pool.connect((_, client, release) => {
          void client?.query(LICENSE, ['L1']).then(({ rowCount }) => {
            release();
            resolve(rowCount);
          });
        });
      }),
    answers: '1',
  },
  {
    says: 'an error of the database, as its own class',
    run: (pool) =>
      pool
        .query('INSERT INTO seats VALUES ($1)', ['L1'])
        .catch((error: Error) => `${error.constructor.name} ${String(Reflect.get(error, 'code'))}`),
    answers: 'DatabaseError 23505',
  },
  {
    says: 'two queries at once',
    run: async (pool) =>
      (await Promise.all([pool.query('SELECT 1 AS n'), pool.query('SELECT 2 AS n')])).map(({ rows: [row] }) => row?.n),
    answers: '1,2',
  },
  {
    says: 'several statements in one text',
    run: async (pool) => {
      await pool.query(`BEGIN; UPDATE seats SET device = 'x'; COMMIT`);
      return (await pool.query('SELECT device FROM seats')).rows[0]?.device;
    },
    answers: 'x',
  },
  {
    says: 'listeners, and an end that ends nothing',
    run: async (pool) => {
      pool.on('error', () => undefined);
      await pool.end();
      return pool.waitingCount;
    },
    answers: '0',
  },
  {
    says: 'a client of its own on the URL',
    run: async (_, url) => {
      const client = new Client(url);
      await client.connect();
      const { rowCount } = await client.query(LICENSE, ['L1']);
      await client.end();
      return rowCount;
    },
    answers: '1',
  },
  {
    says: 'a default of CURRENT_TIMESTAMP or CURRENT_DATE, by the virtual clock',
    run: async (pool) =>
      (await pool.query('INSERT INTO beats DEFAULT VALUES RETURNING (at::date = day)::text, day::text')).rows[0]?.day,
    answers: '2000-01-01',
  },
  {
    says: 'CURRENT_TIMESTAMP, by the virtual clock',
    run: async (pool) => (await pool.query('SELECT CURRENT_TIMESTAMP::date::text AS today')).rows[0]?.today,
    answers: '2000-01-01',
  },
];

test('what a call changes about its connection is put back before the next execution', async () => {
  await lane.begin('serializable', () => Promise.resolve(START));
  const run: RaceCall['run'] = async ({ pool }) => {
    const client = await pool.connect();
    const show = async (name: string): Promise<unknown> =>
      Object.values((await client.query(`SHOW ${name}`)).rows[0])[0];
    const before = [await show('work_mem'), await show('transaction_isolation')];
    await client.query(`SET work_mem = '1MB'`);
    await client.query('DECLARE c CURSOR WITH HOLD FOR SELECT 1');
    await client.query('CREATE TEMP TABLE seats (other int)');
    await client.query(`SET default_transaction_isolation = 'read committed'`);
    await client.query('SELECT pg_advisory_lock(7)');
    client.release();
    return before.join();
  };
  const twice = [await count(lane, [{ name: 'a', run }]), await count(lane, [{ name: 'a', run }])];
  await lane.begin('read committed', () => Promise.resolve(START));
  for (const { outcomes } of twice) expect(outcomes).toEqual({ '4MB,serializable': 1 });
});

test('a lock of a session that was taken before the calls is held in every execution, and one taken after them in none', async () => {
  const lock = 'SELECT pg_try_advisory_lock($1) AS got';
  await lane.begin('read committed', async () => {
    await lane.pool.query(lock, [8]);
    return START;
  });
  const run: RaceCall['run'] = async ({ pool }) => {
    const { rows: found } = await pool.query(
      `SELECT pg_try_advisory_lock(8) AS before, pg_try_advisory_lock(9) AS after`,
    );
    return JSON.stringify(found[0]);
  };
  for (let time = 0; time < 2; time++) {
    const { outcomes } = await count(lane, [{ name: 'a', run }]);
    expect(outcomes).toEqual({ '{"before":false,"after":true}': 1 });
    await lane.takeBack();
    await lane.pool.query(lock, [9]);
  }
  await lane.begin('read committed', () => Promise.resolve(START));
  const { outcomes } = await count(lane, [{ name: 'a', run }]);
  expect(outcomes).toEqual({ '{"before":true,"after":true}': 1 });
});

test('calls without control run at the level of the race, too', async () => {
  await lane.begin('serializable', () => Promise.resolve(START));
  const { rows: shown } = await lane.pool.query('SHOW transaction_isolation');
  await lane.begin('read committed', () => Promise.resolve(START));
  expect(shown).toEqual([{ transaction_isolation: 'serializable' }]);
});

test('others may come before the server notices that a connection was closed', async () => {
  const leaves: RaceCall['run'] = async ({ pool }) => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query(`UPDATE seats SET device = 'x'`);
    client.release(new Error('broken'));
    return 'left';
  };
  const skips: RaceCall['run'] = async ({ pool }) =>
    (await pool.query('SELECT device FROM seats FOR UPDATE SKIP LOCKED')).rowCount;
  const calls = [
    { name: 'a', run: leaves },
    { name: 'b', run: skips },
  ];
  const { outcomes } = await count(lane, calls, { mode: 'raw' });
  // Of the four places that there are for it, only between the claim and the end of the connection it finds a lock.
  expect(outcomes).toEqual({ 'left, 1': 3, 'left, 0': 1 });
});

test.each(rows)('$says', async ({ run, answers }) => {
  const { outcomes } = await count(lane, [{ name: 'call', run: ({ pool, url }) => run(pool, url) }]);
  expect(Object.keys(outcomes)).toEqual([answers]);
});

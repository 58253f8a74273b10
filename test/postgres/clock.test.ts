/** The virtual clock on a real server: what each function tells, when it moves, and that nothing is rounded. */
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { instant } from '../../src/core/time.ts';
import { fromInstant, resetClock, setClock, toInstant } from '../../src/postgres/clock.ts';
import { connect } from '../../src/postgres/connection.ts';
import { openSchema, type PostgresSchema } from '../../src/postgres/schema.ts';
import type { PostgresServer } from '../../src/postgres/server.ts';
import { sharedServer } from './shared-server.ts';

let server: PostgresServer;
let schema: PostgresSchema;
let client: Client;
beforeAll(async () => {
  server = await sharedServer();
  schema = await openSchema(server);
  client = await connect(server.url, schema.name);
});
afterAll(async () => {
  await client.end();
  await schema.close();
});
beforeEach(async () => {
  await client.query('ROLLBACK');
  await resetClock(schema.control, schema.name);
});

const set = (ms: number) => setClock(schema.control, schema.name, instant(ms));

/** What expressions of type timestamptz are, as instants. */
async function read(...expressions: readonly string[]): Promise<readonly unknown[]> {
  const text = `SELECT ${expressions.map((e) => toInstant(`(${e})`)).join(', ')}`;
  const { rows } = await client.query<unknown[]>({ text, rowMode: 'array' });
  return rows[0] ?? [];
}

const ALL = ['now()', 'transaction_timestamp()', 'statement_timestamp()', 'clock_timestamp()'];

test('every function tells the time that was set, and 0 after a reset', async () => {
  expect(await read(...ALL)).toEqual([0, 0, 0, 0]);
  await set(40_000);
  expect(await read(...ALL)).toEqual([40_000, 40_000, 40_000, 40_000]);
  await resetClock(schema.control, schema.name);
  expect(await read(...ALL)).toEqual([0, 0, 0, 0]);
});

test('in a transaction now() stands still, and statement_timestamp() and clock_timestamp() move', async () => {
  await set(10);
  await client.query('BEGIN');
  expect(await read(...ALL)).toEqual([10, 10, 10, 10]);
  await set(20);
  expect(await read(...ALL)).toEqual([10, 10, 20, 20]);
  await client.query('COMMIT');
  expect(await read(...ALL)).toEqual([20, 20, 20, 20]);
});

test('a transaction that has not asked yet still has the time at which it began', async () => {
  await set(10);
  await client.query('BEGIN');
  await set(20);
  expect(await read('now()')).toEqual([10]);
});

test('under repeatable read now() stands still, and the other clocks follow', async () => {
  await set(10);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  expect(await read(...ALL)).toEqual([10, 10, 10, 10]);
  await set(20);
  expect(await read(...ALL)).toEqual([10, 10, 20, 20]);
});

test('within a statement only clock_timestamp() moves', async () => {
  await set(10);
  // The statement waits for a lock while the clock is set.
  await schema.control.query('SELECT pg_advisory_lock(4711)');
  const waiting = read(
    ...ALL,
    `(SELECT clock_timestamp() FROM pg_advisory_xact_lock(4711))`,
    `(SELECT statement_timestamp() FROM pg_advisory_xact_lock(4711))`,
  );
  await untilSomebodyWaits();
  await set(20);
  await schema.control.query('SELECT pg_advisory_unlock(4711)');
  expect((await waiting).slice(4)).toEqual([20, 10]);
});

async function untilSomebodyWaits(): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    const { rows } = await schema.control.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`);
    if (rows.length > 0) return;
  }
  throw new Error('nobody waits for the lock');
}

test('the default of a column is the virtual time', async () => {
  await client.query('CREATE TEMP TABLE visit (at timestamptz DEFAULT now())');
  await set(1_234);
  await client.query('INSERT INTO visit DEFAULT VALUES');
  expect(await read('(SELECT at FROM visit)')).toEqual([1_234]);
});

test('age() and timeofday() count from the virtual time', async () => {
  await set(36 * 3_600_000);
  const { rows } = await client.query(
    `SELECT age(timestamptz '2000-01-01 00:00:00+00')::text AS a, age(timestamp '2000-01-01')::text AS b, timeofday() AS c`,
  );
  await client.query(`SET timezone = 'UTC'`);
  const again = await client.query(
    `SELECT age(timestamptz '2000-01-01 00:00:00+00')::text AS a, age(timestamp '2000-01-01')::text AS b, timeofday() AS c`,
  );
  await client.query('RESET timezone');
  expect(rows).toHaveLength(1);
  expect(again.rows).toEqual([{ a: '1 day', b: '1 day', c: 'Sun Jan 02 12:00:00.000000 2000 UTC' }]);
});

test('SQL that says pg_catalog, or has another search path, has the real time', async () => {
  const [real] = await read('pg_catalog.now()');
  expect(real).toBeGreaterThan(20 * 365 * 86_400_000);
});

test('the clock does not go back, and may be set to the same time twice', async () => {
  await set(50);
  await set(50);
  await expect(set(49)).rejects.toThrow('the clock cannot go back from 50 ms to 49 ms');
  expect(await read('now()')).toEqual([50]);
});

test.each([
  ['one millisecond', 1],
  ['a fraction that binary cannot hold', 59_999],
  ['a century and a bit', 3_155_760_000_123],
  ['more than 2^53 microseconds', 9_007_199_254_741],
  ['the year 30000 and 1 ms', 883_612_800_001_001],
  ['the last instant there is', Number.MAX_SAFE_INTEGER],
])('is exact to the millisecond: %s', async (_name, ms) => {
  expect(await read(fromInstant(`${ms}::bigint`))).toEqual([ms]);
  await set(ms);
  expect(await read(...ALL)).toEqual([ms, ms, ms, ms]);
});

test('two schemas have two clocks', async () => {
  const other = await openSchema(server);
  const elsewhere = await connect(server.url, other.name);
  await set(77);
  const { rows } = await elsewhere.query<{ at: number }>(`SELECT ${toInstant('now()')} AS at`);
  expect(rows).toEqual([{ at: 0 }]);
  expect(await read('now()')).toEqual([77]);
  await elsewhere.end();
  await other.close();
});

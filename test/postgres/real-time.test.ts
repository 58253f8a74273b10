/** What reads the real time is found, and what only looks like it is not. */
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { UsageError } from '../../src/core/failures.ts';
import { connect } from '../../src/postgres/connection.ts';
import { rejectRealTime, rejectRealTimeInSchema } from '../../src/postgres/real-time.ts';
import { openSchema, type PostgresSchema } from '../../src/postgres/schema.ts';
import { findRealTime } from '../../src/postgres/time-reading.ts';
import { sharedServer } from './shared-server.ts';

test.each([
  ['SELECT CURRENT_TIMESTAMP', 'CURRENT_TIMESTAMP', 'now()'],
  ['select current_timestamp(3)', 'CURRENT_TIMESTAMP', 'now()'],
  ['SELECT Current_Date - 1', 'CURRENT_DATE', 'now()::date'],
  ['SELECT CURRENT_TIME', 'CURRENT_TIME', 'now()::timetz'],
  ['SELECT LOCALTIME', 'LOCALTIME', 'now()::time'],
  ['SELECT LOCALTIMESTAMP', 'LOCALTIMESTAMP', 'now()::timestamp'],
  ['CREATE TABLE t (at timestamptz DEFAULT CURRENT_TIMESTAMP)', 'CURRENT_TIMESTAMP', 'now()'],
  [`SELECT 'it''s', CURRENT_DATE`, 'CURRENT_DATE', 'now()::date'],
  [`SELECT E'it\\'s', CURRENT_DATE`, 'CURRENT_DATE', 'now()::date'],
  [`SELECT '\\', CURRENT_DATE`, 'CURRENT_DATE', 'now()::date'],
  ['SELECT /* a /* b */ c */ CURRENT_DATE', 'CURRENT_DATE', 'now()::date'],
  ['DO $$ BEGIN PERFORM CURRENT_DATE; END $$', 'CURRENT_DATE', 'now()::date'],
  ['DO $x$ BEGIN EXECUTE $y$ SELECT LOCALTIME $y$; END $x$', 'LOCALTIME', 'now()::time'],
  ['SELECT $1, CURRENT_DATE, $2', 'CURRENT_DATE', 'now()::date'],
  ['SELECT pg_catalog.now()', 'pg_catalog.now()', 'now()'],
  ['SELECT "pg_catalog" . "clock_timestamp" ()', 'pg_catalog.clock_timestamp()', 'clock_timestamp()'],
  ['SELECT PG_CATALOG.TimeOfDay()', 'pg_catalog.timeofday()', 'timeofday()'],
  ['SELECT pg_catalog.age(f(a, b))', 'pg_catalog.age(…)', 'age(…)'],
  [`SELECT 'now'::timestamptz`, "the timestamptz 'now'", 'now()'],
  [`SELECT ' Today '::date`, "the date 'Today'", 'now()::date'],
  [`SELECT 'tomorrow 12:00'::timestamp`, "the timestamp 'tomorrow 12:00'", 'now()::date + 1'],
  [`SELECT date 'yesterday'`, "the date 'yesterday'", 'now()::date - 1'],
  [`SELECT timestamp(3) with time zone 'now'`, "the timestamptz 'now'", 'now()'],
  [`SELECT CAST('now' AS timestamp)`, "the timestamp 'now'", 'now()'],
  [`SELECT CAST('now' AS pg_catalog.timestamptz)`, "the timestamptz 'now'", 'now()'],
  [`CREATE TABLE t (d date DEFAULT ('now'::text)::date)`, "the date 'now'", 'now()'],
  [`SELECT 'now'::text::pg_catalog.timetz`, "the timetz 'now'", 'now()'],
  [`SELECT $$now$$::timestamptz`, "the timestamptz 'now'", 'now()'],
  [`UPDATE t SET ts = 'now'`, "the literal 'now'", "now(), or 'now'::text where it is meant as text"],
  [
    `CREATE TABLE t (d date DEFAULT 'Today')`,
    "the literal 'Today'",
    "now()::date, or 'Today'::text where it is meant as text",
  ],
  [
    `INSERT INTO t VALUES (1, 'tomorrow 12:00')`,
    "the literal 'tomorrow 12:00'",
    "now()::date + 1, or 'tomorrow 12:00'::text where it is meant as text",
  ],
  [`SELECT * FROM t WHERE ts < 'now'`, "the literal 'now'", "now(), or 'now'::text where it is meant as text"],
  [`CREATE FUNCTION f() RETURNS date LANGUAGE sql AS 'SELECT CURRENT_DATE'`, 'CURRENT_DATE', 'now()::date'],
  [`DO 'BEGIN PERFORM f(''now''::timestamptz); END'`, "the timestamptz 'now'", 'now()'],
  [`DO LANGUAGE plpgsql 'BEGIN PERFORM LOCALTIME; END'`, 'LOCALTIME', 'now()::time'],
])('%s reads the real time', (sql, what, instead) => {
  expect(findRealTime(sql)).toEqual({ what, instead, line: 1 });
});

test.each([
  'SELECT now(), clock_timestamp(), statement_timestamp(), transaction_timestamp(), timeofday()',
  `SELECT 'CURRENT_TIMESTAMP', E'a\\'CURRENT_DATE', U&'LOCALTIME', 'a''LOCALTIME'`,
  'SELECT "CURRENT_TIMESTAMP" FROM "LOCALTIME"',
  'SELECT 1 -- CURRENT_TIMESTAMP',
  'SELECT 1 /* CURRENT_DATE /* LOCALTIME */ CURRENT_DATE */',
  'SELECT current_timestamps, my_current_date, current_date_x FROM t',
  'SELECT t.current_date, 1 AS localtime FROM t',
  `SELECT 1 current_date, 'a' localtime, a[1] current_time, "a" localtimestamp`,
  'SELECT pg_catalog.age(a, b), pg_catalog.nowhere(), other.now()',
  'SELECT pg_catalog.date_trunc(1, now())',
  `SELECT 'now'::text, 'today'::text, 'nowhere'::timestamptz, 'todays'::date`,
  `SELECT length('now'::text)::date, text 'now', CAST('today' AS varchar)`,
  `INSERT INTO words VALUES ('now or never', 'tomorrow never knows', 'yesterday''s')`,
  `SELECT 'CURRENT_DATE' AS title, note FROM t WHERE note = 'DO CURRENT_DATE'`,
  `SELECT timestamptz '2000-01-01', interval '1 day'`,
  `SELECT CURRENT_USER, CURRENT_SCHEMA`,
])('%s does not read the real time', (sql) => {
  expect(findRealTime(sql)).toBeNull();
});

test('the message names what, where and the remedy', () => {
  const sql = `SELECT 1,\n  'a\nb',\n  CURRENT_TIMESTAMP`;
  const reject = () => rejectRealTime(sql, { file: 'design.ts', line: 10 });
  expect(reject).toThrow(UsageError);
  expect(reject).toThrow(
    'CURRENT_TIMESTAMP in line 4 of the SQL reads the real time, which a run cannot set: write now() instead',
  );
  expect(reject).toThrow(expect.objectContaining({ place: { file: 'design.ts', line: 13 } }));
  expect(() => rejectRealTime('SELECT now()')).not.toThrow();
});

let schema: PostgresSchema;
let elsewhere: Client;
beforeAll(async () => {
  const server = await sharedServer();
  schema = await openSchema(server);
  elsewhere = await connect(server.url);
});
afterAll(async () => {
  await elsewhere.end();
  await schema.close();
});
beforeEach(async () => {
  await schema.control.query(
    'DROP VIEW IF EXISTS v; DROP TABLE IF EXISTS t CASCADE; DROP FUNCTION IF EXISTS f(); DROP FUNCTION IF EXISTS g()',
  );
});

test.each([
  ['the default of t.at', 'CREATE TABLE t (at timestamptz DEFAULT CURRENT_TIMESTAMP)', 'CURRENT_TIMESTAMP'],
  ['the default of t.at', `CREATE TABLE t (at date DEFAULT ('now'::text)::date)`, "the date 'now'"],
  ['the default of t.at', `CREATE TABLE t (at timestamptz DEFAULT 'now')`, "a time of today, '2"],
  ['the default of t.at', `CREATE TABLE t (at date DEFAULT 'tomorrow')`, "a time of today, '2"],
  ['the view v', `CREATE VIEW v AS SELECT timestamp 'yesterday' AS a`, "a time of today, '2"],
  ['the constraint soon', 'CREATE TABLE t (at date, CONSTRAINT soon CHECK (at < CURRENT_DATE))', 'CURRENT_DATE'],
  ['the view v', 'CREATE VIEW v AS SELECT LOCALTIMESTAMP AS a', 'LOCALTIMESTAMP'],
  [
    'the function f',
    'CREATE FUNCTION f() RETURNS date LANGUAGE plpgsql AS $$ BEGIN RETURN CURRENT_DATE; END $$',
    'CURRENT_DATE',
  ],
  [
    'the trigger late',
    'CREATE TABLE t (at date); ' +
      'CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$; ' +
      'CREATE TRIGGER late BEFORE INSERT ON t FOR EACH ROW WHEN (new.at < CURRENT_DATE) EXECUTE FUNCTION g()',
    'CURRENT_DATE',
  ],
])('in a schema, %s is found: %s', async (where, sql, what) => {
  await schema.control.query(sql);
  const looking = rejectRealTimeInSchema(schema.control, schema.name);
  await expect(looking).rejects.toThrow(UsageError);
  await expect(looking).rejects.toThrow(`${where} reads the real time with ${what}`);
});

test('in a schema, a default bound to the real now() is found, because its table was made under another search path', async () => {
  await elsewhere.query(`CREATE TABLE ${schema.name}.t (at timestamptz DEFAULT now())`);
  await expect(rejectRealTimeInSchema(schema.control, schema.name)).rejects.toThrow(
    'the default of t.at reads the real time with pg_catalog.now()',
  );
});

test('in a schema, SQL bound to the virtual clock is let pass', async () => {
  await schema.control.query(`
    CREATE TABLE t (at timestamptz DEFAULT now(), d date DEFAULT now()::date, CHECK (at <= now()));
    ALTER TABLE t ADD since timestamptz DEFAULT '2001-02-03', ADD word text DEFAULT 'now';
    CREATE VIEW v AS SELECT clock_timestamp() AS c, age(at) AS a FROM t;
    CREATE FUNCTION f() RETURNS timestamptz LANGUAGE sql AS $$ SELECT now() $$`);
  await expect(rejectRealTimeInSchema(schema.control, schema.name)).resolves.toBeUndefined();
});

test('looking under another search path would see nothing, so it is refused', async () => {
  await expect(rejectRealTimeInSchema(elsewhere, schema.name)).rejects.toThrow('it must begin with');
});

test('a statement that reads the real time fails before it is sent, however it is run', async () => {
  const says =
    'CURRENT_TIMESTAMP in line 2 of the SQL reads the real time, which a run cannot set: write now() instead';
  const sql = 'SELECT\n  current_timestamp';
  await expect(schema.pool.query(sql)).rejects.toThrow(says);
  await expect(schema.pool.query({ text: sql })).rejects.toThrow(says);
  const client = await schema.pool.connect();
  expect(() => client.query(sql)).toThrow(says);
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  client.release();
});

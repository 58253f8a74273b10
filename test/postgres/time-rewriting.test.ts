/** Rewritten SQL reads now(), and is under the real clock the SQL that it was: values, types and names of columns. */
import fc from 'fast-check';
import type { Client, QueryArrayResult } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { instant } from '../../src/core/time.ts';
import { setClock } from '../../src/postgres/clock.ts';
import { connect } from '../../src/postgres/connection.ts';
import { openSchema, type PostgresSchema } from '../../src/postgres/schema.ts';
import { findRealTime } from '../../src/postgres/time-reading.ts';
import { rewriteRealTime } from '../../src/postgres/time-rewriting.ts';
import { seed } from '../seed.ts';
import { sharedServer } from './shared-server.ts';

test.each([
  ['SELECT CURRENT_TIMESTAMP', 'SELECT now() AS current_timestamp'],
  ['SELECT current_timestamp(3)', 'SELECT now()::timestamptz(3) AS current_timestamp'],
  ['SELECT CURRENT_DATE, LOCALTIME(0) AS t', 'SELECT now()::date AS current_date, now()::time(0) AS t'],
  ['SELECT CURRENT_DATE - 1, Current_Time d', 'SELECT now()::date - 1, now()::timetz d'],
  [`SELECT 'now'::date d, LOCALTIME "t" FROM t`, 'SELECT now()::date d, now()::time "t" FROM t'],
  ['SELECT LOCALTIMESTAMP FROM t', 'SELECT now()::timestamp AS localtimestamp FROM t'],
  ['SELECT DISTINCT CURRENT_DATE', 'SELECT DISTINCT now()::date AS current_date'],
  ['SELECT DISTINCT ON (a) CURRENT_DATE', 'SELECT DISTINCT ON (a) now()::date AS current_date'],
  [
    'INSERT INTO t VALUES (CURRENT_DATE) RETURNING CURRENT_DATE',
    'INSERT INTO t VALUES (now()::date) RETURNING now()::date AS current_date',
  ],
  [
    'UPDATE t SET at = CURRENT_TIMESTAMP WHERE at < LOCALTIMESTAMP',
    'UPDATE t SET at = now() WHERE at < now()::timestamp',
  ],
  ['SELECT pg_catalog.now(), "pg_catalog" . "clock_timestamp" ()', 'SELECT now(),  "clock_timestamp" ()'],
  ['SELECT pg_catalog.age(a), pg_catalog.age(a, b)', 'SELECT age(a), pg_catalog.age(a, b)'],
  [`SELECT 'now'::timestamptz`, 'SELECT now() AS timestamptz'],
  [
    `SELECT timestamp(3) with time zone 'now', date ' TODAY '`,
    'SELECT now()::timestamptz(3) AS timestamptz, now()::date AS date',
  ],
  [`SELECT CAST('tomorrow' AS date) AS d`, 'SELECT (now()::date + 1) AS d'],
  [`UPDATE t SET at = 'yesterday'::timestamp(3)`, 'UPDATE t SET at = (now()::date - 1)::timestamp(3)'],
  [`UPDATE t SET at = 'today 12:30'::timestamptz`, `UPDATE t SET at = (now()::date + time '12:30')::timestamptz`],
  [`SELECT ((('now'::text))::date) AS d`, 'SELECT (now()::date) AS d'],
  ['CREATE TABLE t (at timestamptz DEFAULT CURRENT_TIMESTAMP)', 'CREATE TABLE t (at timestamptz DEFAULT now())'],
  [`CREATE TABLE t (d date DEFAULT ('now'::text)::date)`, 'CREATE TABLE t (d date DEFAULT now()::date)'],
  [
    'CREATE VIEW v AS SELECT CURRENT_DATE WITH CHECK OPTION',
    'CREATE VIEW v AS SELECT now()::date AS current_date WITH CHECK OPTION',
  ],
  [
    'CREATE FUNCTION f() RETURNS date LANGUAGE plpgsql AS $f$ BEGIN RETURN CURRENT_DATE; END $f$',
    'CREATE FUNCTION f() RETURNS date LANGUAGE plpgsql AS $f$ BEGIN RETURN now()::date; END $f$',
  ],
  [
    `CREATE FUNCTION f() RETURNS text AS 'SELECT ''it is '' || LOCALTIME' LANGUAGE 'sql'`,
    `CREATE FUNCTION f() RETURNS text AS 'SELECT ''it is '' || now()::time' LANGUAGE 'sql'`,
  ],
  [
    `DO $x$ BEGIN EXECUTE $y$ UPDATE t SET at = CURRENT_DATE $y$; PERFORM 'now'::date; END $x$`,
    `DO $x$ BEGIN EXECUTE $y$ UPDATE t SET at = now()::date $y$; PERFORM now()::date; END $x$`,
  ],
  [
    `DO $x$ BEGIN EXECUTE format('UPDATE %I SET at = CURRENT_DATE', 't'); END $x$`,
    `DO $x$ BEGIN EXECUTE format('UPDATE %I SET at = now()::date', 't'); END $x$`,
  ],
  [
    'SELECT /* CURRENT_DATE */ 1; SELECT CURRENT_DATE',
    'SELECT /* CURRENT_DATE */ 1; SELECT now()::date AS current_date',
  ],
])('%s', (sql, rewritten) => {
  expect(rewriteRealTime(sql)).toBe(rewritten);
  expect(findRealTime(rewritten)).toBeNull();
  // A text that was rewritten already, and is sent once more.
  expect(rewriteRealTime(rewritten)).toBe(rewritten);
});

test.each([
  `SELECT 'CURRENT_DATE', E'it\\'s CURRENT_DATE', $$CURRENT_DATE$$, U&'LOCALTIME', "CURRENT_DATE" -- LOCALTIME`,
  `SELECT t.current_date, 1 AS localtime, 1 current_time FROM t /* CURRENT_DATE /* LOCALTIME */ CURRENT_DATE */`,
  `INSERT INTO notes VALUES ('now', 'today', 'tomorrow 12:00')`,
  `SELECT 'now'::text, 'today'::varchar, other.now(), my_localtime`,
  `SELECT 'today'::time, 'now 12:00'::timestamp, 'today 12:00+02'::timestamptz`,
  `CREATE FUNCTION f() RETURNS text LANGUAGE plpython3u AS $$ return "CURRENT_DATE" $$`,
  `COMMENT ON TABLE t IS 'CURRENT_DATE'`,
])('leaves %s', (sql) => {
  expect(rewriteRealTime(sql)).toBe(sql);
});

test.each([
  [`CREATE TABLE t (at timestamptz DEFAULT 'now'::timestamptz)`, "the timestamptz 'now'"],
  [`ALTER TABLE t ALTER at SET DEFAULT timestamp 'yesterday'`, "the timestamp 'yesterday'"],
  [`CREATE FUNCTION f() RETURNS date LANGUAGE sql AS $$ SELECT 'today'::date $$`, "the date 'today'"],
  [`UPDATE t SET at = 'now'`, "the literal 'now'"],
])('leaves what it cannot know or what the server stores as a constant, to be found: %s', (sql, what) => {
  expect(rewriteRealTime(sql)).toBe(sql);
  expect(findRealTime(sql)?.what).toBe(what);
});

let plain: Client;
let schema: PostgresSchema;
beforeAll(async () => {
  const server = await sharedServer();
  plain = await connect(server.url);
  schema = await openSchema(server);
});
afterAll(async () => {
  await plain.end();
  await schema.close();
});

/** Rows as text, and name, type and modifier of each column. */
async function resultOf(client: Client, sql: string) {
  const all = (await client.query({ text: sql, rowMode: 'array', types: { getTypeParser: () => String } })) as
    QueryArrayResult | readonly QueryArrayResult[];
  const { rows, fields } = [all].flat().at(-1) as QueryArrayResult;
  return {
    rows,
    fields: fields.map(({ name, dataTypeID, dataTypeModifier }) => ({ name, dataTypeID, dataTypeModifier })),
  };
}

/** The server reduces a CASE over constants to its branch with that branch's modifier, and does not where now() stands. */
function withoutModifier({ name, dataTypeID }: { readonly name: string; readonly dataTypeID: number }) {
  return { name, dataTypeID };
}

describe('under the real clock', () => {
  // now() stays the same within it.
  beforeEach(async () => {
    await plain.query(`ROLLBACK; BEGIN; SET LOCAL timezone = 'Australia/Eucla'`);
    return () => plain.query('ROLLBACK');
  });

  test.each([
    'SELECT CURRENT_TIMESTAMP, CURRENT_TIMESTAMP(3), CURRENT_DATE, CURRENT_TIME, CURRENT_TIME(2), LOCALTIMESTAMP, LOCALTIMESTAMP(0), LOCALTIME, LOCALTIME(1)',
    `SELECT 'now'::timestamptz, 'now'::timestamp, 'now'::date, 'now'::time, 'now'::timetz, 'now'::timestamptz(2), timestamp(0) 'now'`,
    `SELECT 'today'::date, 'today'::timestamp, 'today'::timestamptz, 'tomorrow'::date, 'tomorrow'::timestamptz, date 'yesterday'`,
    `SELECT 'today 12:34'::timestamp, 'yesterday 1:02:03.5'::timestamptz, 'tomorrow allballs'::timestamp, 'today 12:00'::date`,
    `SELECT (CURRENT_DATE), ((CURRENT_TIME))::text, CAST(LOCALTIME AS text), CURRENT_TIMESTAMP::timestamp(3), CURRENT_DATE::text COLLATE "C"`,
    `SELECT CASE WHEN true THEN CURRENT_DATE ELSE CURRENT_DATE END, CASE WHEN false THEN 1::text ELSE 'now'::text END`,
    `SELECT CASE WHEN true THEN date '2000-01-01' ELSE 'now'::date END, (SELECT CURRENT_DATE), ARRAY(SELECT CURRENT_DATE)`,
    `SELECT coalesce(NULL, CURRENT_DATE), CURRENT_DATE - 1, CURRENT_TIMESTAMP AT TIME ZONE 'UTC', extract(year FROM CURRENT_DATE)`,
    `SELECT CURRENT_DATE IS DISTINCT FROM CURRENT_DATE, CURRENT_DATE = CURRENT_DATE`,
    `SELECT * FROM (SELECT CURRENT_DATE, 'now'::timestamp with time zone) AS t`,
    `WITH t AS (SELECT CURRENT_DATE UNION ALL SELECT CURRENT_DATE) SELECT * FROM t ORDER BY current_date`,
    `SELECT CURRENT_DATE, count(*) FROM generate_series(1, 2) GROUP BY CURRENT_DATE HAVING CURRENT_DATE > date '2000-01-01'`,
    `SELECT 'now'::date::timestamp with time zone, 'now'::date::varchar, ('now'::text)::date, pg_catalog.now()`,
    `CREATE TEMPORARY TABLE t AS SELECT CURRENT_DATE WITH NO DATA; SELECT * FROM t`,
    `CREATE TEMPORARY TABLE t (a date DEFAULT CURRENT_DATE, b timestamptz(2) DEFAULT CURRENT_TIMESTAMP(2), c date DEFAULT ('now'::text)::date CHECK (c <= CURRENT_DATE));
      INSERT INTO t DEFAULT VALUES RETURNING *, CURRENT_DATE`,
    `CREATE FUNCTION pg_temp.f() RETURNS TABLE (a date, b text) LANGUAGE plpgsql AS $f$
      BEGIN RETURN QUERY EXECUTE 'SELECT CURRENT_DATE, LOCALTIME::text'; END $f$; SELECT * FROM pg_temp.f()`,
    `CREATE FUNCTION pg_temp.f() RETURNS date LANGUAGE sql BEGIN ATOMIC SELECT CURRENT_DATE; END; SELECT pg_temp.f()`,
  ])('%s is what it was', async (sql) => {
    await plain.query('SAVEPOINT before');
    const before = await resultOf(plain, sql);
    await plain.query('ROLLBACK TO before');
    const rewritten = rewriteRealTime(sql);
    expect(rewritten).not.toBe(sql);
    expect(findRealTime(rewritten)).toBeNull();
    expect(await resultOf(plain, rewritten)).toEqual(before);
  });

  test('so are random expressions', async () => {
    const reading = fc.constantFrom<string>(
      'CURRENT_TIMESTAMP',
      'current_timestamp(3)',
      'CURRENT_DATE',
      'LOCALTIMESTAMP',
      'localtimestamp(1)',
      `'now'::timestamptz`,
      `timestamp 'today'`,
      `CAST('tomorrow' AS date)`,
      `('now'::text)::date`,
      'pg_catalog.now()',
    );
    const around = fc.constantFrom<(inner: string) => string>(
      (inner) => `(${inner})`,
      (inner) => `(${inner})::text`,
      (inner) => `${inner}::date`,
      (inner) => `CAST(${inner} AS timestamp(0))`,
      (inner) => `CASE WHEN ${inner} IS NULL THEN NULL ELSE ${inner} END`,
      (inner) => `(SELECT ${inner})`,
      (inner) => `coalesce(${inner}, NULL)`,
      (inner) => `(${inner})::text COLLATE "C"`,
      (inner) => `ARRAY[${inner}]`,
      (inner) => `concat(${inner}, '; it''s CURRENT_DATE')`,
    );
    const expression = fc
      .tuple(reading, fc.array(around, { maxLength: 4 }))
      .map(([inner, each]) => each.reduce((sql, wrap) => wrap(sql), inner));
    const select = fc.array(expression, { minLength: 1, maxLength: 3 }).map((items) => `SELECT ${items.join(', ')}`);
    await fc.assert(
      fc.asyncProperty(select, async (sql) => {
        await plain.query('SAVEPOINT before');
        const before = await resultOf(plain, sql).catch(() => null);
        await plain.query('ROLLBACK TO before');
        // An array has no date, for example.
        fc.pre(before !== null);
        const after = await resultOf(plain, rewriteRealTime(sql));
        expect({ ...after, fields: after.fields.map(withoutModifier) }).toEqual({
          ...before,
          fields: before.fields.map(withoutModifier),
        });
      }),
      { seed, numRuns: 300 },
    );
  });
});

test('under the virtual clock all of them read its time', async () => {
  await setClock(schema.control, schema.name, instant(90_000));
  const sql = `SELECT CURRENT_TIMESTAMP, CURRENT_DATE, LOCALTIMESTAMP(0), 'now'::timestamptz, 'tomorrow'::date, pg_catalog.now()`;
  const { rows } = await resultOf(schema.control, rewriteRealTime(sql));
  const now = '2000-01-01 00:01:30';
  expect(rows).toEqual([[`${now}+00`, '2000-01-01', now, `${now}+00`, '2000-01-02', `${now}+00`]]);
});

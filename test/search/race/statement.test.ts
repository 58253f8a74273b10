/** What is read from a statement: where its text does not tell what it touches, it is taken to touch anything. */
import { describe, expect, test } from 'vitest';
import { deedReader, type Catalog, type Deed } from '../../../src/search/race/statement.ts';

const catalog: Catalog = {
  tables: new Map([
    ['seats', 'seats'],
    ['licenses', 'seats'],
    ['log', 'log'],
    ['Odd Name', 'Odd Name'],
  ]),
  opaque: new Set(['open_seats', 'claim']),
  schemas: new Set(['other']),
};
const read = deedReader(catalog);

const touching = (reads: readonly string[], writes: readonly string[], readsClock = writes.length > 0): Deed => ({
  type: 'access',
  reads,
  writes,
  readsClock,
});

describe('what a statement touches', () => {
  const rows: readonly { sql: string; deed: Deed }[] = [
    { sql: 'SELECT device FROM seats WHERE license = $1', deed: touching(['seats'], []) },
    { sql: 'SELECT 1', deed: touching([], []) },
    { sql: 'select * from "Odd Name" o, log AS l', deed: touching(['Odd Name', 'log'], []) },
    { sql: 'SELECT FROM seats WHERE device IS DISTINCT FROM holder FOR UPDATE', deed: touching(['seats'], ['seats']) },
    {
      sql: 'SELECT extract(epoch FROM now() - made), trim(both from name) FROM log',
      deed: touching(['log'], [], true),
    },
    { sql: 'SELECT n FROM generate_series(1, 3) AS n JOIN log USING (n)', deed: touching(['log'], []) },
    { sql: 'INSERT INTO log (a, b) VALUES ($1, $2)', deed: touching(['log'], ['log']) },
    {
      sql: 'INSERT INTO seats VALUES ($1) ON CONFLICT (license) DO UPDATE SET device = excluded.device',
      deed: touching(['seats'], ['seats']),
    },
    {
      sql: 'WITH RECURSIVE a (x) AS (SELECT 1), b AS NOT MATERIALIZED (SELECT FROM seats) DELETE FROM log USING a, b',
      deed: touching(['seats', 'log'], ['seats', 'log']),
    },
    { sql: 'UPDATE licenses SET n = 1 FROM (SELECT 1) AS one', deed: touching(['seats'], ['seats']) },
    { sql: "SELECT ' FROM nowhere ' -- FROM nowhere", deed: touching([], []) },
    { sql: 'START TRANSACTION ISOLATION LEVEL REPEATABLE READ', deed: { type: 'begin', isolation: 'repeatable read' } },
    { sql: 'COMMIT;', deed: { type: 'commit' } },
    { sql: `SET LOCAL lock_timeout = '5s'`, deed: { type: 'settings', local: true } },
    { sql: 'set statement_timeout to 100', deed: { type: 'settings', local: false } },
    { sql: `SET SESSION application_name = 'app'`, deed: { type: 'settings', local: false } },
  ];
  test.each(rows)('$sql', ({ sql, deed }) => {
    expect(read(sql)).toEqual(deed);
  });
});

describe('what may touch anything', () => {
  const rows = [
    'SELECT * FROM not_made_yet',
    'SELECT * FROM seats, not_made_yet n',
    'SELECT * FROM seats JOIN not_made_yet USING (license)',
    'INSERT INTO not_made_yet (a) VALUES (1)',
    'UPDATE not_made_yet SET a = 1',
    'WITH gone AS (DELETE FROM not_made_yet RETURNING *) SELECT * FROM gone',
    'CREATE TABLE IF NOT EXISTS seats (license text)',
    'SELECT * FROM open_seats',
    'SELECT claim($1)',
    'SELECT pg_advisory_xact_lock(1)',
    'SELECT * FROM seats FOR UPDATE SKIP LOCKED',
    'SELECT * FROM other.seats',
    'SAVEPOINT a',
    'SET LOCAL search_path = other',
    'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    'ROLLBACK TO a',
    'SELECT 1; SELECT 2',
  ];
  test.each(rows)('%s', (sql) => {
    expect(read(sql)).toEqual({ type: 'anything' });
  });
});

/** Where one statement of a text with several ends. */
import { expect, test } from 'vitest';
import { statementsOf } from '../../src/postgres/sql-text.ts';

test.each([
  ['SELECT 1', ['SELECT 1']],
  ['SELECT 1; ', ['SELECT 1; ']],
  ['', ['']],
  ['SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']],
  [';; SELECT 1;; SELECT 2', ['SELECT 1', 'SELECT 2']],
  [
    `SELECT ';', ";", $a$;$a$, E'\\';' /* ; */; SELECT 2 -- ;`,
    [`SELECT ';', ";", $a$;$a$, E'\\';' /* ; */`, 'SELECT 2 -- ;'],
  ],
  [
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3',
    ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END', 'SELECT 3'],
  ],
])('%s has the statements %j', (sql, statements) => {
  expect(statementsOf(sql)).toEqual(statements);
});

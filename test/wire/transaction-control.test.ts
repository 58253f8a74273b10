/** Which statements steer a transaction, which of them end it, and where one statement of a query ends. */
import { expect, test } from 'vitest';
import { controlsTransaction, endsTransaction, splitQuery } from '../../src/wire/transaction-control.ts';

test.each([
  ['BEGIN', 'controls'],
  ['  start transaction isolation level serializable', 'controls'],
  ['SAVEPOINT a', 'controls'],
  ['RELEASE a', 'controls'],
  ['COMMIT AND CHAIN', 'ends'],
  ['END;', 'ends'],
  ['/* why */ ROLLBACK -- now', 'ends'],
  ['rollback work', 'ends'],
  ['ABORT', 'ends'],
  [`PREPARE TRANSACTION 'a'`, 'ends'],
  ['ROLLBACK TO a', 'controls'],
  ['ROLLBACK /* not all */ TRANSACTION TO SAVEPOINT a', 'controls'],
  ['PREPARE a AS SELECT 1', 'neither'],
  ['SELECT 1 -- COMMIT', 'neither'],
  ['(SELECT 1)', 'neither'],
  ['commitments', 'neither'],
  ['', 'neither'],
])('%s: %s', (sql, expected) => {
  const found = endsTransaction(sql) ? 'ends' : controlsTransaction(sql) ? 'controls' : 'neither';
  expect(found).toBe(expected);
});

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
  expect(splitQuery(sql)).toEqual(statements);
});

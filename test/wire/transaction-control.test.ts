/** Which statements control a transaction, and which of them end it. */
import { expect, test } from 'vitest';
import { controlsTransaction, endsTransaction } from '../../src/wire/transaction-control.ts';

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

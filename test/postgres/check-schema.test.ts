/** The migration can be said again, and whatever is missing from the tables is named. */
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { EnvironmentError } from '../../src/core/failures.ts';
import { connect } from '../../src/postgres/connection.ts';
import { openSchema, type PostgresSchema } from '../../src/postgres/schema.ts';
import { checkSchema } from '../../src/postgres/sql/check-schema.ts';
import { migrate } from '../../src/postgres/sql/schema.ts';
import { sharedServer } from './shared-server.ts';

let schema: PostgresSchema;
let clients: readonly Client[];
beforeAll(async () => {
  const server = await sharedServer();
  schema = await openSchema(server);
  clients = await Promise.all([1, 2, 3, 4].map(() => connect(server.url, schema.name)));
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await schema.close();
});
afterEach(() => schema.control.query('DROP TABLE IF EXISTS seats; DROP TABLE IF EXISTS licenses CASCADE'));

test('the migration makes everything, and said twice or by several at once makes it once', async () => {
  await Promise.all(clients.map(migrate));
  await migrate(schema.control);
  await expect(checkSchema(schema.control)).resolves.toBeUndefined();
});

test('everything that the migration makes is checked', async () => {
  await migrate(schema.control);
  const { rows } = await schema.control.query<{ drop: string; name: string }>(
    `
    SELECT format('ALTER TABLE %I.%I DROP COLUMN %I CASCADE', $1::text, relname, attname) AS drop, relname || '.' || attname AS name
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = $1::regnamespace AND relname IN ('licenses', 'seats') AND relkind = 'r' AND attnum > 0
    UNION ALL
    SELECT format('ALTER TABLE %I.%I DROP CONSTRAINT %I CASCADE', $1::text, relname, conname), conname
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE connamespace = $1::regnamespace AND contype IN ('c', 'p', 'f') AND relname IN ('licenses', 'seats')
    UNION ALL
    SELECT format('DROP INDEX %I.%I', $1::text, indexname), indexname
    FROM pg_indexes WHERE schemaname = $1 AND indexname LIKE '%idx'`,
    [schema.name],
  );
  expect(rows).toHaveLength(15 + 12 + 2);
  const unnoticed: string[] = [];
  for (const { drop, name } of rows) {
    await schema.control.query('BEGIN');
    await schema.control.query(drop);
    const message = await checkSchema(schema.control).then(
      () => '',
      (error: Error) => error.message,
    );
    if (!message.includes(name)) unnoticed.push(name);
    await schema.control.query('ROLLBACK');
  }
  expect(unnoticed).toEqual([]);
});

test.each([
  ['a missing table', 'DROP TABLE seats', 'Missing: table seats. '],
  ['both tables missing', 'DROP TABLE seats, licenses', 'Missing: table licenses; table seats. '],
  [
    'a column of another type',
    'ALTER TABLE seats ALTER term TYPE integer',
    'Missing: column seats.term bigint not null. ',
  ],
  [
    'a column that may be null',
    'ALTER TABLE seats ALTER device DROP NOT NULL',
    'Missing: column seats.device text not null. ',
  ],
  ['a missing index', 'DROP INDEX seats_session_idx', 'Missing: index seats_session_idx. '],
  [
    'a missing constraint',
    'ALTER TABLE seats DROP CONSTRAINT seats_heartbeat_check',
    'Missing: constraint seats_heartbeat_check. ',
  ],
])('names %s', async (_what, damage, message) => {
  await migrate(schema.control);
  await schema.control.query(damage);
  const checking = checkSchema(schema.control);
  await expect(checking).rejects.toThrow(EnvironmentError);
  await expect(checking).rejects.toThrow(message);
});

test('a table of that name that is not ours is not taken for ours, and not changed', async () => {
  await schema.control.query('CREATE TABLE seats (row integer, number integer)');
  await migrate(schema.control).catch(() => undefined);
  await expect(checkSchema(schema.control)).rejects.toThrow('column seats.license_key text not null');
});

test.each([
  ['a held seat without a heartbeat', `'held', NULL, NULL, NULL, 1, NULL, NULL`, 'seats_heartbeat_check'],
  ['a released seat with a heartbeat', `'released', now(), NULL, NULL, 1, NULL, NULL`, 'seats_heartbeat_check'],
  ['a revoked seat without its taker', `'revoked', now(), now(), NULL, 1, NULL, NULL`, 'seats_revoked_by_check'],
  ['a revoked seat without its time', `'revoked', now(), NULL, 'd', 1, NULL, NULL`, 'seats_revoked_at_check'],
  ['a held seat with a taker', `'held', now(), NULL, 'd', 1, NULL, NULL`, 'seats_revoked_by_check'],
  ['a state that there is not', `'lost', now(), NULL, NULL, 1, NULL, NULL`, 'seats_state_check'],
  ['term 0', `'held', now(), NULL, NULL, 0, 's', 'ended'`, 'seats_term_check'],
  ['term 2 without a term before', `'held', now(), NULL, NULL, 2, NULL, NULL`, 'seats_previous_term_check'],
  ['a predecessor without its end', `'held', now(), NULL, NULL, 2, 's', NULL`, 'seats_previous_check'],
  ['an end that there is not', `'held', now(), NULL, NULL, 2, 's', 'lost'`, 'seats_previous_how_check'],
])('the table does not hold %s', async (_what, values, constraint) => {
  await migrate(schema.control);
  await schema.control.query(`INSERT INTO licenses VALUES ('k')`);
  await expect(
    schema.control.query(
      `INSERT INTO seats (license_key, session_id, device, started_at, timeout_ms,
         state, last_heartbeat, revoked_at, revoked_by, term, previous_session_id, previous_how)
       VALUES ('k', 's', 'd', now(), 1, ${values})`,
    ),
  ).rejects.toThrow(constraint);
});

test('nobody has a seat without a license, and the license takes its seats with it', async () => {
  await migrate(schema.control);
  const insert = `INSERT INTO seats (license_key, session_id, device, state, started_at, last_heartbeat, timeout_ms, term)
    VALUES ('k', 's', 'd', 'held', now(), now(), 1, 1)`;
  await expect(schema.control.query(insert)).rejects.toThrow('seats_license_fkey');
  await schema.control.query(`INSERT INTO licenses VALUES ('k')`);
  await schema.control.query(insert);
  await schema.control.query('DELETE FROM licenses');
  const { rows } = await schema.control.query('SELECT FROM seats');
  expect(rows).toHaveLength(0);
});

/** A query of the user's is streamed, may only read, and is told apart from a server that is not there. */
import { describe, expect, inject, test } from 'vitest';
import { EnvironmentError, UsageError } from '../../src/core/failures.ts';
import { connect } from '../../src/postgres/connection.ts';
import { queryRows } from '../../src/postgres/query-rows.ts';
import { readQuery } from '../../src/tune/observed/read-query.ts';

const HEARTBEATS = `select 'device-' || d as device, to_timestamp(1769860800 + 20 * n + d) as sent_at,
  to_timestamp(1769860800 + 20 * n + d + 0.1) as received_at
  from generate_series(0, 999) n, generate_series(1, 15) d where (7 * n + d) % 50 > 0 order by 3`;

describe('a query', () => {
  test('gives heartbeats, more than are fetched at a time', async () => {
    const collected = await readQuery(inject('postgresUrl'), HEARTBEATS);
    expect(collected).toMatchObject({ rows: 14_700, devices: 15, interval: 20_000, clocksAhead: 0 });
    expect(collected.latencies.quantile(0.5)).toBeCloseTo(100, 0);
  });

  test('with a time without a zone gives it as text, and not as the time of the machine that reads', async () => {
    const rows: object[] = [];
    const query = `select timestamp '2026-01-31 12:00:00' as local, timestamptz '2026-01-31 12:00:00+00' as at`;
    await queryRows(inject('postgresUrl'), query, (row) => rows.push(row));
    expect(rows).toEqual([{ local: '2026-01-31 12:00:00', at: new Date(Date.UTC(2026, 0, 31, 12)) }]);
  });

  test('may only read', async () => {
    await expect(
      queryRows(inject('postgresUrl'), 'create table seatproof_was_here ()', () => undefined),
    ).rejects.toThrow(/read-only transaction/);
    const client = await connect(inject('postgresUrl'));
    const { rows } = await client.query(`select to_regclass('seatproof_was_here') as found`);
    await client.end();
    expect(rows).toEqual([{ found: null }]);
  });

  test.each([
    ['select from nowhere at all', /--query: Postgres says: syntax error/],
    ['select 1 as one', /the query has no column device and received_at; it has 'one'/],
  ])('%s is refused', async (query, message) => {
    const reading = readQuery(inject('postgresUrl'), query);
    await expect(reading).rejects.toThrow(UsageError);
    await expect(reading).rejects.toThrow(message);
  });

  test('where there is no server is not at fault, and no server of ours has what it asks for', async () => {
    const failure = await queryRows('postgres://me:topsecret@127.0.0.1:1/db', 'select 1', () => undefined).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(EnvironmentError);
    expect(String(failure)).toMatch(/Check host, port, user, password and database$/);
  });
});

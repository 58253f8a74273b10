/** The rows of a query of the user's, streamed from a cursor in a transaction that may only read. */
import pg from 'pg';
import QueryStream from 'pg-query-stream';
import { UsageError } from '../core/failures.ts';
import { connect } from './connection.ts';

/** So many rows are fetched at a time. */
const BATCH = 10_000;

/** A timestamp without a zone stays text: as a Date it would be taken for the time of the machine that reads. */
const TIMESTAMP = 1114;

function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  return oid === TIMESTAMP ? (text) => text : (pg.types.getTypeParser(oid, format) as (text: string) => unknown);
}

/** Calls `onRow` with each row by the names of its columns. Throws `EnvironmentError` for no server, `UsageError` for a query that fails. */
export async function queryRows(
  url: string,
  query: string,
  onRow: (row: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  // Only this server has what the user wants to read, so none of ours is offered.
  const client = await connect(url, undefined, { another: '' });
  try {
    await client.query('begin transaction read only');
    const rows = client.query(new QueryStream(query, [], { batchSize: BATCH, types: { getTypeParser } }));
    for await (const row of rows) onRow(row as Readonly<Record<string, unknown>>);
    await client.query('rollback');
  } catch (error) {
    // What the server refuses has an SQLSTATE; anything else is no fault of the query.
    if (
      error instanceof Error &&
      'code' in error &&
      typeof error.code === 'string' &&
      /^[0-9A-Z]{5}$/.test(error.code)
    ) {
      throw new UsageError(
        `--query: Postgres says: ${error.message}. Write a query whose columns are device, received_at and, if known, sent_at, ` +
          `ordered by received_at`,
      );
    }
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

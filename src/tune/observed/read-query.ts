/** Heartbeats from a query on a Postgres, streamed. */
import { UsageError } from '../../core/failures.ts';
import { queryRows } from '../../postgres/query-rows.ts';
import { parsePostgresChoice } from '../../postgres/server.ts';
import { Collector, type Collected } from './collect.ts';
import { findColumns, readRow, type Columns } from './rows.ts';

export async function readQuery(
  url: string,
  query: string,
  onProgress: (rows: number) => void = () => undefined,
): Promise<Collected> {
  const choice = parsePostgresChoice(url);
  if (choice.type !== 'url')
    throw new UsageError('--query needs the URL of a server, for example postgres://me@127.0.0.1/app');
  const collector = new Collector();
  let columns: Columns | null = null;
  let line = 0;
  await queryRows(choice.url, query, (row) => {
    line++;
    columns ??= findColumns(Object.keys(row), 'the query');
    const read = readRow(Object.values(row), columns);
    if (typeof read === 'string') collector.addFault(read, line);
    else collector.add(read);
    if (line % 65_536 === 0) onProgress(line);
  });
  return collector.finish();
}

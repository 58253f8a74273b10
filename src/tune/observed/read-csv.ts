/** Heartbeats from a CSV file, streamed: however long it is, it never lies in memory as a whole. A bad line spoils no other. */
import { stat } from 'node:fs/promises';
import { UsageError } from '../../core/failures.ts';
import { Collector, type Collected } from './collect.ts';
import { linesOf } from './lines.ts';
import { delimiterOf, recordsOf } from './records.ts';
import { findColumns, readRow, type Columns } from './rows.ts';

/** `onProgress` is called now and then with the share that is read; what it throws ends the reading. */
export async function readCsv(file: string, onProgress: (share: number) => void = () => undefined): Promise<Collected> {
  const size = await sizeOf(file);
  const collector = new Collector();
  let head: Head | null = null;
  let line = 0;
  for await (const { lines, read } of linesOf(file)) {
    let begin = 0;
    if (head === null) {
      const first = lines.findIndex((each) => each.trim() !== '');
      begin = first < 0 ? lines.length : first + 1;
      if (first >= 0) head = readHead(lines[first] ?? '', file);
    }
    line += begin;
    if (head === null) continue;
    for (const record of recordsOf(begin === 0 ? lines : lines.slice(begin), head.delimiter)) {
      line++;
      if (record === null) collector.addFault('quotes that do not match', line);
      else if (record.length > 1 || record[0]?.trim() !== '') {
        const row = readRow(record, head.columns);
        if (typeof row === 'string') collector.addFault(row, line);
        else collector.add(row);
      }
    }
    onProgress(read / size);
  }
  if (head === null) {
    throw new UsageError(
      `'${file}' is empty; the first line names the columns, for example: device,sent_at,received_at`,
    );
  }
  return collector.finish();
}

interface Head {
  readonly columns: Columns;
  readonly delimiter: string;
}

function readHead(line: string, file: string): Head {
  const delimiter = delimiterOf(line);
  const [names] = recordsOf([line], delimiter);
  if (names === undefined || names === null) {
    throw new UsageError(`'${file}' is no CSV file: the quotes of its first line do not match`);
  }
  return { columns: findColumns(names, `'${file}'`), delimiter };
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (!found.isDirectory()) return Math.max(1, found.size);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/,.*/, '') : String(error);
    throw new UsageError(
      `--observed: '${file}' cannot be read (${reason}); name a CSV file, for example seatproof tune --observed heartbeats.csv`,
    );
  }
  throw new UsageError(
    `--observed: '${file}' is a folder; name a CSV file, for example seatproof tune --observed heartbeats.csv`,
  );
}

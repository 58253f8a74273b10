/** Heartbeats from a CSV file, streamed: however long it is, it never lies in memory as a whole. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { parse } from 'csv-parse';
import { UsageError } from '../../core/failures.ts';
import { Collector, type Collected } from './collect.ts';
import { findColumns, readRow, type Columns } from './rows.ts';

/** `onProgress` is called now and then with the share that is read; what it throws ends the reading. */
export async function readCsv(file: string, onProgress: (share: number) => void = () => undefined): Promise<Collected> {
  const size = await sizeOf(file);
  const collector = new Collector();
  const input = createReadStream(file, { highWaterMark: 1 << 20 });
  const parser = input.pipe(
    // Commas, semicolons and tabs alike: what spreadsheets of different countries write.
    parse({
      delimiter: [',', ';', '\t'],
      bom: true,
      trim: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }),
  );
  input.on('error', (error) => parser.destroy(error));
  let columns: Columns | null = null;
  let line = 0;
  try {
    for await (const record of parser as AsyncIterable<readonly string[]>) {
      line++;
      if (columns === null) {
        columns = findColumns(record, `'${file}'`);
        continue;
      }
      const row = readRow(record, columns);
      if (typeof row === 'string') collector.addFault(row, line);
      else collector.add(row);
      if (line % 65_536 === 0) onProgress(input.bytesRead / size);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')) {
      throw new UsageError(`'${file}' is no CSV file: ${error.message}`);
    }
    throw error;
  } finally {
    input.destroy();
  }
  if (columns === null) {
    throw new UsageError(
      `'${file}' is empty; the first line names the columns, for example: device,sent_at,received_at`,
    );
  }
  return collector.finish();
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

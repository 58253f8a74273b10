/** Lines of CSV as values. A record is one line, so that a quote that never ends spoils no more than its own. */
import { parse, type Options } from 'csv-parse/sync';

/** What spreadsheets of different countries write between values: the one that the line of names has. */
export function delimiterOf(names: string): string {
  return [';', '\t'].find((each) => names.includes(each)) ?? ',';
}

/** The values of each line; null for one whose quotes do not match. */
export function recordsOf(lines: readonly string[], delimiter: string): readonly (readonly string[] | null)[] {
  if (!lines.some((line) => line.includes('"'))) return lines.map((line) => line.split(delimiter));
  const options: Options = { delimiter, relax_quotes: true, relax_column_count: true, trim: true };
  const read = (text: string): readonly (readonly string[])[] | null => {
    try {
      return parse(text, options);
    } catch {
      return null;
    }
  };
  // All at once, which is quicker, if that gives as many; or each by itself.
  const together = read(lines.join('\n'));
  if (together?.length === lines.length) return together;
  return lines.map((line) => (line.includes('"') ? (read(line)?.[0] ?? null) : line.split(delimiter)));
}

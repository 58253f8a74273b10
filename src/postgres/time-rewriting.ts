/**
 * Rewrites SQL that reads the real time so that it reads `now()`, in front of which a schema with a virtual clock can stand.
 * Values, types and the names of columns stay the same: under the real clock the rewritten text gives what the text gave.
 * Pure.
 */
import { labelsFor } from './column-names.ts';
import { isSymbol, isWord, tokensOf, type Token } from './sql-text.ts';
import { isFunctionBody, readingAt, type TimeReading, type TypeName } from './time-reading.ts';

/** What a text without it need not be read for. */
const SUSPECT = /current_(?:date|time)|localtime|pg_catalog|\b(?:today|tomorrow|yesterday)\b|['$]\s*now\b/i;

/**
 * - `CURRENT_TIMESTAMP`, `CURRENT_DATE`, `CURRENT_TIME`, `LOCALTIMESTAMP`, `LOCALTIME`, with a precision or without.
 * - Functions of the clock that are qualified with `pg_catalog`.
 * - 'now', 'today', 'tomorrow', 'yesterday' with a type, and with a time of day after them.
 *
 * Bodies of functions and of DO, and texts of EXECUTE in them, are rewritten likewise, unless their language is neither SQL
 * nor PL/pgSQL. What cannot be rewritten is left, and `findRealTime` finds it in the result:
 *
 * - A literal without a type, because only the server knows what it becomes.
 * - A literal that the server turns into a constant when it is stored, in CREATE and ALTER and in bodies of functions:
 *   `DEFAULT 'now'::timestamptz` is the time at which the table was made, and `now()` in its place would be correct.
 */
export function rewriteRealTime(sql: string): string {
  return SUSPECT.test(sql) ? rewrite(sql, false) : sql;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** `stored`: the text is the body of a function. */
function rewrite(sql: string, stored: boolean): string {
  const tokens = tokensOf(sql);
  const edits: Edit[] = [];
  const replaced: TimeReading[] = [];
  let statement = 0;
  for (const [i, token] of tokens.entries()) {
    if (isSymbol(token, ';')) statement = i + 1;
    const keeps = stored || isWord(tokens[statement], 'create') || isWord(tokens[statement], 'alter');
    const reading = readingAt(tokens, i);
    const text = reading === null ? null : virtualOf(reading, keeps);
    if (reading !== null && text !== null) {
      replaced.push(reading);
      edits.push({ ...spanOf(tokens, reading), text });
    } else if (reading === null && isBody(tokens, i)) {
      const definesFunction = isWord(tokens[statement], 'create');
      if (definesFunction && !isOurLanguage(tokens.slice(statement))) continue;
      edits.push(...bodyEdit(sql, token, keeps));
    }
  }
  return applyEdits(sql, [...edits, ...labelsFor(tokens, replaced)]);
}

/** SQL for the same value by the virtual clock; null where there is none. */
function virtualOf({ form }: TimeReading, stored: boolean): string | null {
  switch (form.type) {
    case 'keyword':
      return keywordOf(form.keyword, form.precision);
    case 'qualified':
      return '';
    case 'literal':
      return stored && form.constant ? null : literalOf(form.word, form.rest, form.as);
    case 'untyped':
      return null;
  }
}

function keywordOf(keyword: string, precision: string): string {
  switch (keyword) {
    case 'current_date':
      return 'now()::date';
    case 'current_time':
      return `now()::timetz${precision}`;
    case 'localtimestamp':
      return `now()::timestamp${precision}`;
    case 'localtime':
      return `now()::time${precision}`;
    default:
      return precision === '' ? 'now()' : `now()::timestamptz${precision}`;
  }
}

const DAYS: Readonly<Record<string, string>> = {
  today: 'now()::date',
  tomorrow: '(now()::date + 1)',
  yesterday: '(now()::date - 1)',
};

function literalOf(word: string, rest: string, { type, precision }: TypeName): string | null {
  const named = `${type}${precision}`;
  if (word === 'now') {
    if (rest !== '') return null;
    return type === 'timestamptz' && precision === '' ? 'now()' : `now()::${named}`;
  }
  const day = DAYS[word];
  // A day alone is no time of day: the server rejects that.
  if (day === undefined || type === 'time' || type === 'timetz') return null;
  const time = rest === '' || /^(?:\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?|allballs)$/i.test(rest);
  if (!time) return null;
  if (type === 'date') return day;
  return rest === '' ? `${day}::${named}` : `(${day} + time '${rest}')::${named}`;
}

function isBody(tokens: readonly Token[], i: number): boolean {
  if (isFunctionBody(tokens, i)) return true;
  const isText = tokens[i]?.kind === 'body' || tokens[i]?.kind === 'string';
  const executed =
    isWord(tokens[i - 1], 'execute') ||
    (isSymbol(tokens[i - 1], '(') && isWord(tokens[i - 2], 'format') && isWord(tokens[i - 3], 'execute'));
  return isText && executed;
}

/** Whether the statement names SQL or PL/pgSQL, or no language. */
function isOurLanguage(tokens: readonly Token[]): boolean {
  const end = tokens.findIndex((token) => isSymbol(token, ';'));
  const own = end === -1 ? tokens : tokens.slice(0, end);
  const at = own.findIndex((token) => isWord(token, 'language'));
  return at === -1 || /^(?:sql|plpgsql)$/i.test(own[at + 1]?.text ?? '');
}

/** Dollar quotes hold the text as it is; plain quotes double theirs. Other quotes are left. */
function bodyEdit(sql: string, { kind, start, end, text }: Token, stored: boolean): readonly Edit[] {
  const rewritten = rewrite(text, stored);
  if (rewritten === text) return [];
  if (kind === 'body') {
    const from = sql.indexOf('$', start + 1) + 1;
    return [{ start: from, end: from + text.length, text: rewritten }];
  }
  return sql[start] === "'" ? [{ start, end, text: `'${rewritten.replaceAll("'", "''")}'` }] : [];
}

function spanOf(
  tokens: readonly Token[],
  { first, last }: TimeReading,
): { readonly start: number; readonly end: number } {
  return { start: tokens[first]?.start ?? 0, end: tokens[last]?.end ?? 0 };
}

/** Edits that do not overlap, in any order. */
function applyEdits(sql: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += sql.slice(at, start) + text;
    at = end;
  }
  return result + sql.slice(at);
}

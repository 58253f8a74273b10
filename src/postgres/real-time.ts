/**
 * Finds the real time where SQL under test would read it past the virtual clock. `CURRENT_TIMESTAMP` and its relatives are
 * grammar and not functions, so no schema can stand ahead of them; a name qualified with `pg_catalog` looks in no other
 * schema; and the literals 'now', 'today', 'tomorrow' and 'yesterday' are read by the types themselves. Of a literal without
 * a type only the server knows what it becomes, so one of those words alone is refused unless a cast says that it is text.
 */
import type { ClientBase } from 'pg';
import { UsageError, type Place } from '../core/failures.ts';
import { CLOCK_FUNCTIONS } from './clock.ts';
import { tokensOf, type Token } from './sql-text.ts';

/** Throws `UsageError` that names what reads the real time, the line in the SQL, and what to write instead. */
export function rejectRealTime(sql: string, place: Place | null = null): void {
  const found = findRealTime(sql);
  if (found === null) return;
  throw new UsageError(
    `${found.what} in line ${found.line} of the SQL reads the real time, which a run cannot set: write ${found.instead} instead`,
    place === null ? null : { ...place, line: (place.line ?? 1) + found.line - 1 },
  );
}

/**
 * The same for what a schema holds already: defaults, generated columns, constraints, views, triggers and functions, other
 * than those of the virtual clock. The schema must be the first in the client's search path: only then do its own functions
 * print without a schema, and those of the system with one.
 */
export async function rejectRealTimeInSchema(client: ClientBase, schema: string): Promise<void> {
  const path = await client.query<{ first: string }>('SELECT current_schema() AS first');
  const first = path.rows[0]?.first;
  if (first !== schema) {
    throw new Error(`the search path begins with ${first}; to look for the real time it must begin with ${schema}`);
  }
  const { rows } = await client.query<{ what: string; sql: string }>(EVERYTHING, [schema, CLOCK_FUNCTIONS]);
  const days = await client.query<{ day: string }>(REAL_DAYS);
  const aroundToday = new Set(days.rows.map(({ day }) => day));
  for (const { what, sql } of rows) {
    const found = findRealTime(sql) ?? findFrozenTime(sql, aroundToday);
    if (found !== null) {
      throw new UsageError(
        `${what} reads the real time with ${found.what}, which a run cannot set: write ${found.instead} instead, ` +
          `and make it while the schema of the run stands first in the search path`,
      );
    }
  }
}

interface RealTime {
  readonly what: string;
  readonly line: number;
  readonly instead: string;
}

/** The first place where SQL reads the real time; null where it never does. */
export function findRealTime(sql: string, firstLine = 1): RealTime | null {
  const tokens = tokensOf(sql, firstLine);
  for (const [i, token] of tokens.entries()) {
    const found = asKeyword(tokens, i) ?? asQualified(tokens, i) ?? asLiteral(tokens, i);
    if (found !== null) return { ...found, line: token.line };
    const inside = token.kind === 'body' || isQuotedBody(tokens, i) ? findRealTime(token.text, token.line) : null;
    if (inside !== null) return inside;
  }
  return null;
}

/** `CREATE FUNCTION … AS 'body'`, `DO 'body'`, `DO LANGUAGE plpgsql 'body'`: SQL in plain quotes. */
function isQuotedBody(tokens: readonly Token[], i: number): boolean {
  if (tokens[i]?.kind !== 'string') return false;
  const before = tokens[i - 1];
  return (
    isWord(before, 'as') || isWord(before, 'do') || (isWord(tokens[i - 2], 'language') && isWord(tokens[i - 3], 'do'))
  );
}

/**
 * A time of today in what a schema holds: the server turns a literal 'now' into the time at which it was written when it
 * makes a default or a view of it. No run means a real day: its own time begins in the year 2000.
 */
function findFrozenTime(sql: string, aroundToday: ReadonlySet<string>): RealTime | null {
  const tokens = tokensOf(sql);
  for (const [i, { kind, text, line }] of tokens.entries()) {
    if (kind !== 'string' || !aroundToday.has(text.slice(0, 10)) || typeAfter(tokens, i) === null) continue;
    return { what: `a time of today, '${text}', which was 'now' when it was made`, instead: 'now()', line };
  }
  return null;
}

type Found = Omit<RealTime, 'line'> | null;

const KEYWORDS: ReadonlyMap<string, string> = new Map([
  ['current_timestamp', 'now()'],
  ['current_date', 'now()::date'],
  ['current_time', 'now()::timetz'],
  ['localtimestamp', 'now()::timestamp'],
  ['localtime', 'now()::time'],
]);

function asKeyword(tokens: readonly Token[], i: number): Found {
  const token = tokens[i];
  const instead = KEYWORDS.get(token?.text ?? '');
  if (token?.kind !== 'word' || instead === undefined) return null;
  // As the name of a column these words are names: after a dot, and after AS.
  const before = tokens[i - 1];
  if (isSymbol(before, '.') || isWord(before, 'as')) return null;
  return { what: token.text.toUpperCase(), instead };
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'now',
  'transaction_timestamp',
  'statement_timestamp',
  'clock_timestamp',
  'timeofday',
  'age',
]);

function asQualified(tokens: readonly Token[], i: number): Found {
  const [schema, dot, name, open] = tokens.slice(i, i + 4);
  if (!isName(schema) || schema.text !== 'pg_catalog' || !isSymbol(dot, '.')) return null;
  if (!isName(name) || !FUNCTIONS.has(name.text) || !isSymbol(open, '(')) return null;
  // With two arguments it compares them and asks for no time.
  if (name.text === 'age' && argumentCount(tokens, i + 3) !== 1) return null;
  const inside = name.text === 'age' ? '(…)' : '()';
  return { what: `pg_catalog.${name.text}${inside}`, instead: `${name.text}${inside}` };
}

function argumentCount(tokens: readonly Token[], open: number): number {
  let depth = 0;
  let commas = 0;
  for (const token of tokens.slice(open)) {
    if (isSymbol(token, '(') || isSymbol(token, '[')) depth++;
    if (isSymbol(token, ')') || isSymbol(token, ']')) depth--;
    if (isSymbol(token, ',') && depth === 1) commas++;
    if (depth === 0) break;
  }
  return commas + 1;
}

const LITERALS: ReadonlyMap<string, string> = new Map([
  ['now', 'now()'],
  ['today', 'now()::date'],
  ['tomorrow', 'now()::date + 1'],
  ['yesterday', 'now()::date - 1'],
]);
const TYPES: ReadonlySet<string> = new Set(['date', 'time', 'timetz', 'timestamp', 'timestamptz']);

function asLiteral(tokens: readonly Token[], i: number): Found {
  const token = tokens[i];
  if (token?.kind !== 'string' && token?.kind !== 'body') return null;
  const word = /^\s*(now|today|tomorrow|yesterday)\b/i.exec(token.text)?.[1];
  const instead = LITERALS.get(word?.toLowerCase() ?? '');
  if (instead === undefined) return null;
  const type = typeBefore(tokens, i) ?? typeAfter(tokens, i);
  const text = token.text.trim();
  if (type !== null) return { what: `the ${type} '${text}'`, instead };
  const alone = text === word || ALSO_A_TIME.test(text.slice(word?.length));
  if (!alone || isCast(tokens, i)) return null;
  return { what: `the literal '${text}'`, instead: `${instead}, or '${text}'::text where it is meant as text` };
}

/** What may follow such a word in a time: `today 12:00`, `tomorrow allballs`. */
const ALSO_A_TIME = /^\s+(\d[\d:.+-]*|allballs)$/i;

/** Whether the type of a literal is said, and is none of time: `'now'::text`, `CAST('now' AS text)`, `text 'now'`. */
function isCast(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  const typed = isName(before) && !(before.kind === 'word' && NO_FUNCTIONS.has(before.text));
  return typed || isSymbol(tokens[i + 1], '::') || (isWord(tokens[i + 1], 'as') && isWord(tokens[i - 2], 'cast'));
}

/** `date 'today'`, `timestamp(3) with time zone 'now'`. */
function typeBefore(tokens: readonly Token[], i: number): string | null {
  let at = i - 1;
  if (isWord(tokens[at], 'zone')) at -= 3;
  if (isSymbol(tokens[at], ')') && isSymbol(tokens[at - 2], '(')) at -= 3;
  return typeAt(tokens, at);
}

/** `'now'::timestamptz`, `('today'::text)::date`, `CAST('now' AS timestamp)`. */
function typeAfter(tokens: readonly Token[], i: number): string | null {
  let brackets = 0;
  while (isSymbol(tokens[i - 1 - brackets], '(') && !isCall(tokens[i - 2 - brackets])) brackets++;
  let at = i + 1;
  if (isWord(tokens[at], 'as') && isWord(tokens[i - 2], 'cast')) return typeAt(tokens, at + 1);
  for (;;) {
    while (brackets > 0 && isSymbol(tokens[at], ')')) {
      brackets--;
      at++;
    }
    if (!isSymbol(tokens[at], '::')) return null;
    const type = typeAt(tokens, at + 1);
    if (type !== null) return type;
    // To text first, perhaps, and from there to a date.
    at += 2;
  }
}

/** Words before a bracket that do not make it a function's. */
const NO_FUNCTIONS: ReadonlySet<string> = new Set(
  'and as between by case check default else escape in is like not on or return returning select set then to using values when where'.split(
    ' ',
  ),
);

function isCall(token: Token | undefined): boolean {
  return isName(token) && !(token.kind === 'word' && NO_FUNCTIONS.has(token.text));
}

function typeAt(tokens: readonly Token[], at: number): string | null {
  const qualified = isName(tokens[at]) && isSymbol(tokens[at + 1], '.');
  const token = tokens[qualified ? at + 2 : at];
  return isName(token) && TYPES.has(token.text) ? token.text : null;
}

function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text;
}

function isWord(token: Token | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text === text;
}

function isName(token: Token | undefined): token is Token {
  return token?.kind === 'word' || token?.kind === 'quoted';
}

const REAL_DAYS = `SELECT (pg_catalog.now()::date + distance)::text AS day FROM generate_series(-1, 1) AS distance`;

const EVERYTHING = `
SELECT what, sql
FROM (
  SELECT
    CASE attgenerated WHEN '' THEN 'the default of ' ELSE 'the generated column ' END || relname || '.' || attname AS what,
    pg_get_expr(adbin, adrelid) AS sql
  FROM pg_attrdef
    JOIN pg_class ON pg_class.oid = adrelid
    JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
  WHERE relnamespace = $1::regnamespace
  UNION ALL
  SELECT 'the constraint ' || conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = $1::regnamespace AND contype = 'c'
  UNION ALL
  SELECT 'the view ' || relname, pg_get_viewdef(oid)
  FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('v', 'm')
  UNION ALL
  SELECT 'the trigger ' || tgname, pg_get_triggerdef(pg_trigger.oid)
  FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
  WHERE relnamespace = $1::regnamespace AND NOT tgisinternal
  UNION ALL
  SELECT 'the function ' || proname, pg_get_functiondef(oid)
  FROM pg_proc
  WHERE pronamespace = $1::regnamespace AND prokind IN ('f', 'p') AND proname <> ALL ($2::text[])
) AS found
ORDER BY what`;

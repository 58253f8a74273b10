/**
 * Where SQL text reads the real time past the virtual clock. `CURRENT_TIMESTAMP` and its relatives are grammar and not
 * functions, so no schema can stand ahead of them; a name qualified with `pg_catalog` looks in no other schema; and the
 * literals 'now', 'today', 'tomorrow' and 'yesterday' are read by the types themselves. Pure.
 */
import { TIME_FUNCTIONS } from './clock.ts';
import { isName, isSymbol, isWord, tokensOf, type Token } from './sql-text.ts';

/** The types that a reading can have, by the names that Postgres gives them. */
export type TimeType = 'date' | 'time' | 'timetz' | 'timestamp' | 'timestamptz';

export interface TypeName {
  readonly type: TimeType;
  /** `(3)`; empty where there is none. */
  readonly precision: string;
  /** The indices of its first and last token. */
  readonly first: number;
  readonly last: number;
}

/** One place that reads the real time. */
export interface TimeReading {
  readonly what: string;
  readonly instead: string;
  /** The indices of its first and last token. */
  readonly first: number;
  readonly last: number;
  readonly form:
    | { readonly type: 'keyword'; readonly keyword: string; readonly precision: string }
    /** A function of the clock, qualified; `first` and `last` are the schema and the dot. */
    | { readonly type: 'qualified' }
    | {
        readonly type: 'literal';
        /** `now`, `today`, `tomorrow` or `yesterday`, and what follows it, for example `12:00`. */
        readonly word: string;
        readonly rest: string;
        readonly as: TypeName;
        /** Whether the server evaluates it when it parses the statement; one that is text first is evaluated when it runs. */
        readonly constant: boolean;
      }
    /** Without a type only the server knows what it becomes. */
    | { readonly type: 'untyped' };
}

/** What of a reading is reported. */
export interface RealTime {
  readonly what: string;
  /** Counted from 1. */
  readonly line: number;
  readonly instead: string;
}

/** The first place where SQL reads the real time; null where it never does. */
export function findRealTime(sql: string, firstLine = 1): RealTime | null {
  const tokens = tokensOf(sql, firstLine);
  for (const [i, token] of tokens.entries()) {
    const found = readingAt(tokens, i);
    if (found !== null) return { what: found.what, instead: found.instead, line: token.line };
    const inside = token.kind === 'body' || isFunctionBody(tokens, i) ? findRealTime(token.text, token.line) : null;
    if (inside !== null) return inside;
  }
  return null;
}

/** The reading whose keyword, schema or literal a token is; null where it is none. */
export function readingAt(tokens: readonly Token[], i: number): TimeReading | null {
  return asKeyword(tokens, i) ?? asQualified(tokens, i) ?? asLiteral(tokens, i);
}

/** `CREATE FUNCTION … AS 'body'`, `DO $$body$$`, `DO LANGUAGE plpgsql 'body'`. */
export function isFunctionBody(tokens: readonly Token[], i: number): boolean {
  if (tokens[i]?.kind !== 'string' && tokens[i]?.kind !== 'body') return false;
  const before = tokens[i - 1];
  return (
    isWord(before, 'as') || isWord(before, 'do') || (isWord(tokens[i - 2], 'language') && isWord(tokens[i - 3], 'do'))
  );
}

const KEYWORDS: ReadonlyMap<string, string> = new Map([
  ['current_timestamp', 'now()'],
  ['current_date', 'now()::date'],
  ['current_time', 'now()::timetz'],
  ['localtimestamp', 'now()::timestamp'],
  ['localtime', 'now()::time'],
]);

function asKeyword(tokens: readonly Token[], i: number): TimeReading | null {
  const token = tokens[i];
  const instead = KEYWORDS.get(token?.text ?? '');
  if (token?.kind !== 'word' || instead === undefined || isColumnName(tokens[i - 1])) return null;
  const precision = token.text === 'current_date' ? '' : precisionAt(tokens, i + 1);
  return {
    what: token.text.toUpperCase(),
    instead,
    first: i,
    last: precision === '' ? i : i + 3,
    form: { type: 'keyword', keyword: token.text, precision },
  };
}

/** As the name of a column these words are names: after a dot, after AS, and after an expression that ends there. */
function isColumnName(before: Token | undefined): boolean {
  if (before === undefined) return false;
  if (before.kind === 'symbol') return before.text === '.' || before.text === ']' || /^\d/.test(before.text);
  return before.kind === 'word' ? before.text === 'as' : true;
}

/** `(3)`; empty where there is none. */
function precisionAt(tokens: readonly Token[], at: number): string {
  const [open, digits, close] = tokens.slice(at, at + 3);
  const given = isSymbol(open, '(') && digits?.kind === 'symbol' && /^\d+$/.test(digits.text) && isSymbol(close, ')');
  return given ? `(${digits.text})` : '';
}

const FUNCTIONS: ReadonlySet<string> = new Set(TIME_FUNCTIONS);

function asQualified(tokens: readonly Token[], i: number): TimeReading | null {
  const [schema, dot, name, open] = tokens.slice(i, i + 4);
  if (!isName(schema) || schema.text !== 'pg_catalog' || !isSymbol(dot, '.')) return null;
  if (!isName(name) || !FUNCTIONS.has(name.text) || !isSymbol(open, '(')) return null;
  // With two arguments it compares them and asks for no time.
  if (name.text === 'age' && argumentCount(tokens, i + 3) !== 1) return null;
  const inside = name.text === 'age' ? '(…)' : '()';
  return {
    what: `pg_catalog.${name.text}${inside}`,
    instead: `${name.text}${inside}`,
    first: i,
    last: i + 1,
    form: { type: 'qualified' },
  };
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
const TYPES: ReadonlySet<string> = new Set<TimeType>(['date', 'time', 'timetz', 'timestamp', 'timestamptz']);

function asLiteral(tokens: readonly Token[], i: number): TimeReading | null {
  const token = tokens[i];
  if (token?.kind !== 'string' && token?.kind !== 'body') return null;
  const [, word = '', rest = ''] = /^\s*(now|today|tomorrow|yesterday)\b\s*([^]*?)\s*$/i.exec(token.text) ?? [];
  const instead = LITERALS.get(word.toLowerCase());
  if (instead === undefined) return null;
  const text = token.text.trim();
  const typed = typeBefore(tokens, i) ?? typeAfter(tokens, i);
  if (typed !== null) {
    const { as, constant, first, last } = typed;
    const form = { type: 'literal', word: word.toLowerCase(), rest, as, constant } as const;
    return { what: `the ${as.type} '${text}'`, instead, first, last, form };
  }
  if ((rest !== '' && !ALSO_A_TIME.test(rest)) || isCast(tokens, i)) return null;
  return {
    what: `the literal '${text}'`,
    instead: `${instead}, or '${text}'::text where it is meant as text`,
    first: i,
    last: i,
    form: { type: 'untyped' },
  };
}

/** What may follow such a word in a time: `today 12:00`, `tomorrow allballs`. */
const ALSO_A_TIME = /^(\d[\d:.+-]*|allballs)$/i;

/** Whether the type of a literal is said, and is none of time: `'now'::text`, `CAST('now' AS text)`, `text 'now'`. */
function isCast(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  const typed = isName(before) && !(before.kind === 'word' && NO_FUNCTIONS.has(before.text));
  return typed || isSymbol(tokens[i + 1], '::') || (isWord(tokens[i + 1], 'as') && isWord(tokens[i - 2], 'cast'));
}

/** A literal with its type, from the first token to the last. */
interface Typed {
  readonly as: TypeName;
  readonly constant: boolean;
  readonly first: number;
  readonly last: number;
}

/** `date 'today'`, `timestamp(3) with time zone 'now'`. */
function typeBefore(tokens: readonly Token[], i: number): Typed | null {
  let at = i - 1;
  if (isWord(tokens[at], 'zone')) at -= 3;
  if (isSymbol(tokens[at], ')') && isSymbol(tokens[at - 2], '(')) at -= 3;
  if (isSymbol(tokens[at - 1], '.')) at -= 2;
  const as = typeAt(tokens, at);
  return as?.last === i - 1 ? { as, constant: true, first: as.first, last: i } : null;
}

/** `'now'::timestamptz`, `('today'::text)::date`, `CAST('now' AS timestamp)`. */
export function typeAfter(tokens: readonly Token[], i: number): Typed | null {
  let at = i + 1;
  if (isWord(tokens[at], 'as') && isWord(tokens[i - 2], 'cast')) {
    const as = typeAt(tokens, at + 1);
    return as === null ? null : { as, constant: true, first: i - 2, last: as.last + 1 };
  }
  let brackets = 0;
  while (isSymbol(tokens[i - 1 - brackets], '(') && !isCall(tokens[i - 2 - brackets])) brackets++;
  let closed = 0;
  for (let constant = true; ; constant = false) {
    while (closed < brackets && isSymbol(tokens[at], ')')) {
      closed++;
      at++;
    }
    if (!isSymbol(tokens[at], '::')) return null;
    const as = typeAt(tokens, at + 1);
    if (as !== null) return { as, constant, first: i - closed, last: as.last };
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

/** `timestamp(3) with time zone`, `pg_catalog.date`; null where no type of time begins. */
export function typeAt(tokens: readonly Token[], first: number): TypeName | null {
  let at = isName(tokens[first]) && isSymbol(tokens[first + 1], '.') ? first + 2 : first;
  const token = tokens[at];
  if (!isName(token) || !TYPES.has(token.text)) return null;
  const precision = precisionAt(tokens, at + 1);
  if (precision !== '') at += 3;
  const zone = isWord(tokens[at + 2], 'time') && isWord(tokens[at + 3], 'zone') ? tokens[at + 1] : undefined;
  const named =
    (token.text === 'time' || token.text === 'timestamp') && (isWord(zone, 'with') || isWord(zone, 'without'));
  const type = (named && isWord(zone, 'with') ? `${token.text}tz` : token.text) as TimeType;
  return { type, precision, first, last: named ? at + 3 : at };
}

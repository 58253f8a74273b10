/**
 * What a statement may touch, read from its text and from the catalog of the schema. Where that is not certain the answer
 * is "anything", so that an order is left out only where it cannot matter.
 */
import { tokensOf, type Token } from '../../postgres/sql-text.ts';
import { controlsTransaction } from '../../wire/transaction-control.ts';
import { namedTables } from './named-tables.ts';

export type Isolation = 'read committed' | 'repeatable read' | 'serializable';

export type Deed =
  | { readonly type: 'begin'; readonly isolation: Isolation | null }
  | { readonly type: 'commit' }
  | { readonly type: 'rollback' }
  /** `reads` and `writes` name groups of tables. A lock that a statement takes counts as a write. */
  | {
      readonly type: 'access';
      readonly reads: readonly string[];
      readonly writes: readonly string[];
      readonly readsClock: boolean;
    }
  /** Changes how its own connection works, or its transaction (`local`), in a way that nobody else can notice. */
  | { readonly type: 'settings'; readonly local: boolean }
  | { readonly type: 'anything' };

/** What the schema holds, as far as statements name it. */
export interface Catalog {
  /** A table, and the group of tables that it shares locks with through foreign keys. */
  readonly tables: ReadonlyMap<string, string>;
  /** Views, functions, and tables with triggers or rules: what they touch is not written in the statement. */
  readonly opaque: ReadonlySet<string>;
  /** Other schemas: a table named through one of them is none of ours. */
  readonly schemas: ReadonlySet<string>;
}

/** Whether it takes locks, so that it may have to wait for who holds them. */
export function takesLocks(deed: Deed): boolean {
  return deed.type === 'anything' || (deed.type === 'access' && deed.writes.length > 0);
}

/** What a statement does to the rows that calls share. A row lock counts as a write. */
export type Access = 'reads' | 'writes';

const SETTING = /^\s*(set|reset|show|discard)\b/i;

/** Null for transaction control and settings. */
export function accessOf(sql: string, deed: Deed): Access | null {
  if (controlsTransaction(sql) || SETTING.test(sql)) return null;
  if (deed.type === 'anything') return 'writes';
  if (deed.type !== 'access') return null;
  return deed.writes.length > 0 ? 'writes' : 'reads';
}

/** Remembers what it has read, because a run says the same few statements over and over. */
export function deedReader(catalog: Catalog): (sql: string) => Deed {
  const known = new Map<string, Deed>();
  return (sql) => {
    let deed = known.get(sql);
    if (deed === undefined) {
      deed = deedOf(sql, catalog);
      known.set(sql, deed);
    }
    return deed;
  };
}

const ANYTHING: Deed = { type: 'anything' };

/** What many a service sets for each transaction. Other settings may change what a later statement means. */
const HARMLESS = new Set([
  'statement_timeout',
  'lock_timeout',
  'transaction_timeout',
  'idle_in_transaction_session_timeout',
  'application_name',
  'work_mem',
]);

const WRITING = new Set(['insert', 'update', 'delete', 'merge', 'for']);
const BEYOND_ROWS = new Set([
  'truncate',
  'lock',
  'create',
  'alter',
  'drop',
  'into',
  'nowait',
  'skip',
  'call',
  'execute',
  'copy',
]);
const CLOCK = new Set(['now', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp', 'timeofday', 'age']);
/** Functions of the system that do more than compute. */
const EFFECTS =
  /^(pg_(?!catalog$)|nextval$|setval$|currval$|lastval$|set_config$|current_setting$|txid_|lo_|dblink|query_to_|random$|gen_random_uuid$)/;

function deedOf(sql: string, catalog: Catalog): Deed {
  const tokens = tokensOf(sql);
  while (tokens.at(-1)?.text === ';' && tokens.at(-1)?.kind === 'symbol') (tokens as Token[]).pop();
  if (tokens.some(({ kind, text }) => kind === 'symbol' && text === ';')) return ANYTHING;
  const words = tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text);
  switch (words[0]) {
    case 'begin':
    case 'start':
      return { type: 'begin', isolation: isolationIn(words) };
    case 'commit':
    case 'end':
      return words.includes('prepared') || words.includes('chain') ? ANYTHING : { type: 'commit' };
    case 'rollback':
    case 'abort':
      return words.includes('to') || words.includes('prepared') || words.includes('chain')
        ? ANYTHING
        : { type: 'rollback' };
    case 'set':
      return settingsOf(words);
    case 'select':
    case 'with':
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
    case 'values':
      return accessDeed(tokens, words, catalog);
    default:
      return ANYTHING;
  }
}

function settingsOf([, scope = '', ...rest]: readonly string[]): Deed {
  const scoped = scope === 'local' || scope === 'session';
  const name = scoped ? (rest[0] ?? '') : scope;
  return HARMLESS.has(name) ? { type: 'settings', local: scope === 'local' } : ANYTHING;
}

function isolationIn(words: readonly string[]): Isolation | null {
  if (words.includes('serializable')) return 'serializable';
  if (words.includes('repeatable')) return 'repeatable read';
  return words.includes('committed') || words.includes('uncommitted') ? 'read committed' : null;
}

function accessDeed(tokens: readonly Token[], words: readonly string[], catalog: Catalog): Deed {
  const groups = new Set<string>();
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'word' && token.kind !== 'quoted') continue;
    if (catalog.opaque.has(token.text) || EFFECTS.test(token.text)) return ANYTHING;
    if (token.kind === 'word' && BEYOND_ROWS.has(token.text) && !isInsertInto(tokens, i)) return ANYTHING;
    if (catalog.schemas.has(token.text) && tokens[i + 1]?.text === '.') return ANYTHING;
    const group = catalog.tables.get(token.text);
    if (group !== undefined) groups.add(group);
  }
  // It may be missing and be made by another call, or belong to one connection alone.
  if (namedTables(tokens).some((name) => !catalog.tables.has(name))) return ANYTHING;
  const writes = words.some((word) => WRITING.has(word));
  const touched = [...groups];
  return {
    type: 'access',
    reads: touched,
    writes: writes ? touched : [],
    readsClock: writes || words.some((word) => CLOCK.has(word)),
  };
}

function isInsertInto(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  return tokens[i]?.text === 'into' && (before?.text === 'insert' || before?.text === 'merge');
}

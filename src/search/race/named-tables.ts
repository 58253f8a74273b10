/** The tables that a statement names, as far as its text tells: what stands after FROM, JOIN, INTO, UPDATE and USING. */
import type { Token } from '../../postgres/sql-text.ts';

/** Names of functions that read and of queries of the statement's own are none of a table. */
export function namedTables(tokens: readonly Token[]): readonly string[] {
  const own = ownQueries(tokens);
  const tables: string[] = [];
  for (const i of tokens.keys()) if (introducesTables(tokens, i)) tables.push(...listedFrom(tokens, i + 1));
  return tables.filter((name) => !own.has(name));
}

function introducesTables(tokens: readonly Token[], i: number): boolean {
  const [before, word] = [textAt(tokens, i - 1), wordAt(tokens, i)];
  switch (word) {
    case 'from':
      // IS DISTINCT FROM, and extract(epoch FROM …).
      return before !== 'distinct' && !TAKES_FROM.has(functionAround(tokens, i));
    case 'update':
      // FOR UPDATE, FOR NO KEY UPDATE, DO UPDATE SET.
      return !['for', 'key', 'do'].includes(before);
    case 'using':
      // JOIN … USING (column).
      return textAt(tokens, i + 1) !== '(';
    case 'join':
    case 'into':
      return true;
    default:
      return false;
  }
}

const TAKES_FROM: ReadonlySet<string> = new Set(['extract', 'substring', 'trim', 'overlay', 'position']);
const ENDS_LIST: ReadonlySet<string> = new Set(
  'where set on using join left right full inner cross natural group having order limit offset fetch for union intersect except returning values select default when window tablesample overriding'.split(
    ' ',
  ),
);

/** Of `FROM a, b AS c, (SELECT …) d` these are `a` and `b`; what stands in brackets is looked at by itself. */
function listedFrom(tokens: readonly Token[], from: number): readonly string[] {
  const tables: string[] = [];
  for (let i = from; i < tokens.length; i++) {
    while (['only', 'lateral'].includes(wordAt(tokens, i))) i++;
    if (isName(tokens, i)) {
      while (textAt(tokens, i + 1) === '.') i += 2;
      if (textAt(tokens, i + 1) !== '(' || isInsertInto(tokens, from)) tables.push(textAt(tokens, i));
      i++;
    }
    // An alias, columns, the arguments of a function.
    while (i < tokens.length && !ENDS_LIST.has(wordAt(tokens, i)) && ![',', ')'].includes(textAt(tokens, i))) {
      i = textAt(tokens, i) === '(' ? afterBrackets(tokens, i) : i + 1;
    }
    if (textAt(tokens, i) !== ',') break;
  }
  return tables;
}

/** `WITH a AS (…), b (x) AS MATERIALIZED (…)`: `a` and `b`. */
function ownQueries(tokens: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const i of tokens.keys()) {
    if (!isName(tokens, i)) continue;
    let next = i + 1;
    if (textAt(tokens, next) === '(') next = afterBrackets(tokens, next);
    if (wordAt(tokens, next) !== 'as') continue;
    while (['as', 'not', 'materialized'].includes(wordAt(tokens, next))) next++;
    if (textAt(tokens, next) === '(') names.add(textAt(tokens, i));
  }
  return names;
}

/** The function in whose brackets this stands; empty where it stands in none. */
function functionAround(tokens: readonly Token[], at: number): string {
  let depth = 0;
  for (let i = at - 1; i >= 0; i--) {
    if (textAt(tokens, i) === ')') depth += 1;
    else if (textAt(tokens, i) === '(' && depth-- === 0) return wordAt(tokens, i - 1);
  }
  return '';
}

function afterBrackets(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (textAt(tokens, i) === '(') depth += 1;
    else if (textAt(tokens, i) === ')' && --depth === 0) return i + 1;
  }
  return tokens.length;
}

function isInsertInto(tokens: readonly Token[], from: number): boolean {
  return wordAt(tokens, from - 1) === 'into';
}

function isName(tokens: readonly Token[], i: number): boolean {
  const token = tokens[i];
  return token?.kind === 'quoted' || (token?.kind === 'word' && !ENDS_LIST.has(token.text));
}

/** Of a symbol, a word or a name in quotes. A string never equals any of those. */
function textAt(tokens: readonly Token[], i: number): string {
  const token = tokens[i];
  return token === undefined || token.kind === 'string' || token.kind === 'body' ? '' : token.text;
}

function wordAt(tokens: readonly Token[], i: number): string {
  return tokens[i]?.kind === 'word' ? tokens[i].text : '';
}

/** SQL text as tokens: enough of Postgres's own lexical rules to tell words from strings and comments. */

export interface Token {
  readonly kind:
    /** A key word or a name; in lower case. */
    | 'word'
    /** A name in double quotes; as it stands between them. */
    | 'quoted'
    /** The value of a string. */
    | 'string'
    /** What stands between dollar quotes: a string, and mostly the body of a function, which is SQL text again. */
    | 'body'
    /** `::`, or any other single character. */
    | 'symbol';
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  /** Where it stands in the text, with its quotes: from `start` up to, but not including, `end`. */
  readonly start: number;
  readonly end: number;
}

export function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text;
}

export function isWord(token: Token | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text === text;
}

export function isName(token: Token | undefined): token is Token {
  return token?.kind === 'word' || token?.kind === 'quoted';
}

const SPACE = /\s+/y;
const LINE_COMMENT = /--[^\n]*/y;
const STRING = /(?:[bnx]|u&)?'((?:[^']|'')*)'/iy;
const ESCAPE_STRING = /e'((?:[^'\\]|''|\\[^])*)'/iy;
const QUOTED = /"((?:[^"]|"")*)"/y;
const DOLLAR_QUOTE = /\$((?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$/iy;
const WORD = /[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/iy;
const NUMBER = /\d[\w.]*/y;
const CAST = /::/y;

/** The tokens, without comments. `firstLine` is the line on which the text begins. */
export function tokensOf(sql: string, firstLine = 1): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = firstLine;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(sql);
  };
  const pass = (length: number) => {
    for (let i = at; i < at + length; i++) if (sql[i] === '\n') line++;
    at += length;
  };
  const take = (kind: Token['kind'], text: string, length: number) => {
    tokens.push({ kind, text, line, start: at, end: at + length });
    pass(length);
  };
  while (at < sql.length) {
    const skipped = match(SPACE) ?? match(LINE_COMMENT);
    const string = match(ESCAPE_STRING) ?? match(STRING);
    const quoted = match(QUOTED);
    const dollar = match(DOLLAR_QUOTE);
    const word = match(WORD);
    if (skipped !== null) {
      pass(skipped[0].length);
    } else if (sql.startsWith('/*', at)) {
      pass(blockCommentLength(sql, at));
    } else if (string !== null) {
      take('string', (string[1] ?? '').replaceAll("''", "'"), string[0].length);
    } else if (quoted !== null) {
      take('quoted', (quoted[1] ?? '').replaceAll('""', '"'), quoted[0].length);
    } else if (dollar !== null) {
      const delimiter = dollar[0];
      const end = sql.indexOf(delimiter, at + delimiter.length);
      const body = sql.slice(at + delimiter.length, end === -1 ? undefined : end);
      take('body', body, delimiter.length + body.length + (end === -1 ? 0 : delimiter.length));
    } else if (word !== null) {
      take('word', word[0].toLowerCase(), word[0].length);
    } else {
      const other = (match(NUMBER) ?? match(CAST))?.[0] ?? sql.charAt(at);
      take('symbol', other, other.length);
    }
  }
  return tokens;
}

/**
 * The statements of a text, without the semicolons between them. Without a semicolon between two statements, the text as it
 * is. A body in BEGIN ATOMIC … END is not split.
 */
export function statementsOf(sql: string): readonly string[] {
  const semicolon = sql.indexOf(';');
  return semicolon === -1 || /^\s*$/.test(sql.slice(semicolon + 1)) ? [sql] : split(sql);
}

function split(sql: string): readonly string[] {
  const statements: string[] = [];
  let from = 0;
  let isEmpty = true;
  // Of BEGIN ATOMIC and of CASE within it, which end with END too.
  let blocks = 0;
  const tokens = tokensOf(sql);
  for (const [i, token] of tokens.entries()) {
    if (isWord(token, 'atomic') && isWord(tokens[i - 1], 'begin')) blocks++;
    else if (isWord(token, 'case') && blocks > 0) blocks++;
    else if (isWord(token, 'end') && blocks > 0) blocks--;
    if (isSymbol(token, ';') && blocks === 0) {
      if (!isEmpty) statements.push(sql.slice(from, token.start).trim());
      from = token.end;
      isEmpty = true;
    } else {
      isEmpty = false;
    }
  }
  if (!isEmpty) statements.push(sql.slice(from).trim());
  return statements;
}

/** Block comments nest. One that is never closed reaches to the end. */
function blockCommentLength(sql: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 0;
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex - from;
  }
  return sql.length - from;
}

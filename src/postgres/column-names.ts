/**
 * The name that Postgres gives to a column of a query without AS, as far as a reading of the time decides it. A rewritten
 * reading would change it (`SELECT CURRENT_DATE` is named current_date, `SELECT now()::date` is named now), so such a column
 * gets its name by AS. The rules are those of FigureColname in Postgres's parse_target.c. Pure.
 */
import { isSymbol, isWord, type Token } from './sql-text.ts';
import { typeAt, type TimeReading } from './time-reading.ts';

/** Insertions that keep the names of the columns in which these readings are replaced. */
export function labelsFor(
  tokens: readonly Token[],
  readings: readonly TimeReading[],
): readonly { readonly start: number; readonly end: number; readonly text: string }[] {
  if (readings.length === 0) return [];
  return itemsOf(tokens).flatMap(({ from, to }) => {
    const name = nameOf(tokens, readings, from, to);
    const end = tokens[to - 1]?.end ?? 0;
    return name === null ? [] : [{ start: end, end, text: ` AS ${name.text}` }];
  });
}

/** An item of a select list or of RETURNING, as indices of tokens: `from` up to, but not including, `to`. */
interface Item {
  readonly from: number;
  readonly to: number;
}

/** What ends a select list. */
const AFTER_LIST: ReadonlySet<string> = new Set(
  'from into where group having window union intersect except order limit offset fetch for on with loop using'.split(
    ' ',
  ),
);

/** The items of all select lists, those of subqueries included. */
function itemsOf(tokens: readonly Token[]): readonly Item[] {
  const items: Item[] = [];
  /** Where the current item begins, for each open bracket; null outside of a list. */
  const begins: (number | null)[] = [null];
  const close = (to: number) => {
    const from = begins.at(-1) ?? null;
    if (from !== null && from < to) items.push({ from, to });
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const inList = (begins.at(-1) ?? null) !== null;
    if (isSymbol(token, '(') || isSymbol(token, '[')) {
      begins.push(null);
    } else if (isSymbol(token, ')') || isSymbol(token, ']')) {
      close(i);
      if (begins.length > 1) begins.pop();
    } else if (isSymbol(token, ';')) {
      close(i);
      begins[begins.length - 1] = null;
    } else if (isSymbol(token, ',') && inList) {
      close(i);
      begins[begins.length - 1] = i + 1;
    } else if (isWord(token, 'select') || isWord(token, 'returning')) {
      close(i);
      i = listStart(tokens, i + 1) - 1;
      begins[begins.length - 1] = i + 1;
    } else if (inList && token?.kind === 'word' && AFTER_LIST.has(token.text) && !isWithinItem(tokens, i)) {
      close(i);
      begins[begins.length - 1] = null;
    }
  }
  close(tokens.length);
  return items;
}

/** After ALL, DISTINCT and DISTINCT ON (…). */
function listStart(tokens: readonly Token[], at: number): number {
  if (isWord(tokens[at], 'all')) return at + 1;
  if (!isWord(tokens[at], 'distinct')) return at;
  if (!isWord(tokens[at + 1], 'on') || !isSymbol(tokens[at + 2], '(')) return at + 1;
  return closing(tokens, at + 2) + 1;
}

/** IS DISTINCT FROM, and WITH TIME ZONE. */
function isWithinItem(tokens: readonly Token[], i: number): boolean {
  if (isWord(tokens[i], 'from')) return isWord(tokens[i - 1], 'distinct');
  return isWord(tokens[i], 'with') && isWord(tokens[i + 1], 'time');
}

/** A name, and whether it wins over the type of a cast around it. */
interface Name {
  readonly text: string;
  readonly strong: boolean;
}

/** The name by a reading within these tokens; null where no reading decides it. */
function nameOf(tokens: readonly Token[], readings: readonly TimeReading[], from: number, to: number): Name | null {
  const reading = readings.find(({ first, last }) => first === from && last === to - 1);
  if (reading !== undefined) return nameOfReading(reading);
  if (isSymbol(tokens[from], '(') && closing(tokens, from) === to - 1)
    return nameOf(tokens, readings, from + 1, to - 1);
  if (isWord(tokens[to - 2], 'collate')) return nameOf(tokens, readings, from, to - 2);
  if (isWord(tokens[from], 'case') && isWord(tokens[to - 1], 'end')) {
    const at = atDepth(tokens, 1, from, to, (token) => isWord(token, 'else'));
    const name = at === null ? null : nameOf(tokens, readings, at + 1, to - 1);
    return name === null || name.strong ? name : { text: 'case', strong: false };
  }
  const cast = castOf(tokens, from, to);
  if (cast !== null) {
    const name = nameOf(tokens, readings, cast.from, cast.to);
    return name === null || name.strong ? name : { text: cast.type, strong: false };
  }
  return null;
}

function nameOfReading({ form }: TimeReading): Name | null {
  switch (form.type) {
    case 'keyword':
      return { text: form.keyword, strong: true };
    case 'literal':
      return { text: form.as.type, strong: false };
    // A function has the same name without its schema.
    case 'qualified':
    case 'untyped':
      return null;
  }
}

/** What is cast, and the name of the type, of `… :: type` and `CAST(… AS type)`. */
function castOf(tokens: readonly Token[], from: number, to: number): (Item & { readonly type: string }) | null {
  if (isWord(tokens[from], 'cast') && closing(tokens, from + 1) === to - 1) {
    const as = atDepth(tokens, 1, from + 1, to, (token) => isWord(token, 'as'));
    return as === null ? null : { from: from + 2, to: as, type: typeName(tokens, as + 1) };
  }
  const at = tokens.findLastIndex((token, i) => i < to && isSymbol(token, '::'));
  return at > from && typeEnd(tokens, at + 1) === to - 1 ? { from, to: at, type: typeName(tokens, at + 1) } : null;
}

/** The index of the last token of a type. */
function typeEnd(tokens: readonly Token[], first: number): number {
  const timeType = typeAt(tokens, first);
  if (timeType !== null) return timeType.last;
  const name = isSymbol(tokens[first + 1], '.') ? first + 2 : first;
  return isSymbol(tokens[name + 1], '(') ? closing(tokens, name + 1) : name;
}

function typeName(tokens: readonly Token[], at: number): string {
  return typeAt(tokens, at)?.type ?? tokens[isSymbol(tokens[at + 1], '.') ? at + 2 : at]?.text ?? '';
}

/** The first token between two indices that is meant and stands within so many brackets and CASEs. */
function atDepth(
  tokens: readonly Token[],
  wanted: number,
  from: number,
  to: number,
  isMeant: (token: Token | undefined) => boolean,
): number | null {
  let depth = 0;
  for (let i = from; i < to; i++) {
    const token = tokens[i];
    if (isSymbol(token, '(') || isWord(token, 'case')) depth++;
    if (isSymbol(token, ')') || isWord(token, 'end')) depth--;
    if (depth === wanted && isMeant(token)) return i;
  }
  return null;
}

/** The bracket that closes the one at `open`; the end where there is none. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (isSymbol(tokens[i], '(')) depth++;
    if (isSymbol(tokens[i], ')')) depth--;
    if (depth === 0) return i;
  }
  return tokens.length;
}

/** Source text that breaks its lines where they grow too long, as Prettier does. */

export type Doc =
  | string
  | readonly Doc[]
  /** On one line `space`; where its group is broken, `before` and a line break. */
  | { readonly space: string; readonly before: string }
  /** On one line, if it fits there. */
  | { readonly group: Doc }
  | { readonly indented: Doc };

const WIDTH = 120;
const STEP = 2;

const SPACE: Doc = { space: ' ', before: '' };
const NOTHING: Doc = { space: '', before: '' };

/** `{ a, b }`, or one entry on each line. */
export const object = (entries: readonly Doc[]): Doc => listed('{', entries, '}', ' ');
/** `[a, b]`, or one item on each line. */
export const array = (items: readonly Doc[]): Doc => listed('[', items, ']', '');

/** `f(a, b)`, or one argument on each line; a last argument that is an object or an array begins on the line of the call. */
export function call(name: string, args: readonly Doc[], hugs = false): Doc {
  if (!hugs) return listed(`${name}(`, args, ')', '');
  return [`${name}(`, ...args.flatMap((arg, index) => (index === 0 ? [arg] : [', ', arg])), ')'];
}

export const entry = (key: string, value: Doc): Doc => [`${key}: `, value];
/** An entry whose text goes on a line of its own where it is too long. */
export const textEntry = (key: string, text: string): Doc => ({ group: [`${key}:`, { indented: [SPACE, text] }] });

function listed(open: string, items: readonly Doc[], close: string, edge: '' | ' '): Doc {
  if (items.length === 0) return `${open}${close}`;
  const between = items.flatMap((item, index): readonly Doc[] => (index === 0 ? [item] : [',', SPACE, item]));
  const first = edge === ' ' ? SPACE : NOTHING;
  return { group: [open, { indented: [first, ...between] }, { space: edge, before: ',' }, close] };
}

/** What is still to be printed, the next last. */
interface Command {
  readonly doc: Doc;
  readonly indent: number;
  readonly broken: boolean;
}

export function print(doc: Doc): string {
  let [text, column] = ['', 0];
  const rest: Command[] = [{ doc, indent: 0, broken: true }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { doc: part, indent, broken } = next;
    if (typeof part === 'string') {
      text += part;
      column = part.includes('\n') ? part.length - part.lastIndexOf('\n') - 1 : column + part.length;
    } else if ('space' in part) {
      text += broken ? `${part.before}\n${' '.repeat(indent)}` : part.space;
      column = broken ? indent : column + part.space.length;
    } else if ('group' in part) {
      const flat = { doc: part.group, indent, broken: false };
      rest.push(fits(flat, rest, WIDTH - column) ? flat : { ...flat, broken: true });
    } else if ('indented' in part) {
      rest.push({ doc: part.indented, indent: indent + STEP, broken });
    } else {
      for (const each of part.toReversed()) rest.push({ doc: each, indent, broken });
    }
  }
  return text;
}

/** Whether `next`, and what follows it on the same line, has room. */
function fits(next: Command, rest: readonly Command[], room: number): boolean {
  const ahead: Command[] = [next];
  let [left, following] = [room, rest.length];
  while (left >= 0) {
    const command = ahead.pop() ?? rest[--following];
    if (command === undefined) return true;
    const { doc: part, indent, broken } = command;
    if (typeof part === 'string') {
      const end = part.indexOf('\n');
      if (end >= 0) return left >= end;
      left -= part.length;
    } else if ('space' in part) {
      if (broken) return left >= part.before.length;
      left -= part.space.length;
    } else if ('group' in part) ahead.push({ doc: part.group, indent, broken });
    else if ('indented' in part) ahead.push({ doc: part.indented, indent, broken });
    else for (const each of part.toReversed()) ahead.push({ doc: each, indent, broken });
  }
  return false;
}

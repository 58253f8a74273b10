/** Values as small numbers: equal values get the same one. */
import { UsageError } from '../../../../core/failures.ts';
import { Unnumbered, type Dictionary } from '../../model.ts';

/** The most values of one kind: a number takes three bytes of a state. */
const MOST = 2 ** 24;

/** Rows there is room for to begin with. */
const FIRST_ROWS = 1 << 10;

/** What was numbered, in order, so that another thread can number it alike: the name of a table, and what it took up. */
export class Numbering implements Dictionary {
  readonly #entries: string[] = [];
  readonly #tables = new Map<string, (entry: string) => void>();
  #follows = false;
  #told = 0;

  get size(): number {
    return this.#entries.length;
  }

  entries(from: number): readonly string[] {
    return this.#entries.slice(from);
  }

  follow(entries: readonly string[]): void {
    this.#follows = true;
    for (const entry of entries) {
      // The first of them are those that every thread begins with.
      if (this.#told++ < this.#entries.length) continue;
      const end = entry.indexOf(' ');
      this.#tables.get(entry.slice(0, end))?.(entry.slice(end + 1));
    }
  }

  /** `take` takes up what the table of that name took up in another thread. */
  table(name: string, take: (entry: string) => void): void {
    this.#tables.set(name, take);
  }

  /** Throws `Unnumbered` in a thread that numbers nothing by itself. */
  note(name: string, entry: string): void {
    if (this.#follows) throw new Unnumbered();
    this.#entries.push(`${name} ${entry}`);
  }
}

export class Interner<Value> {
  readonly #name: string;
  readonly #numbering: Numbering;
  readonly #numbers = new Map<string, number>();
  readonly #values: Value[] = [];

  constructor(name: string, numbering: Numbering) {
    this.#name = name;
    this.#numbering = numbering;
    numbering.table(name, (key) => this.#add(key, JSON.parse(key) as Value));
  }

  /** Values are compared as JSON, so their fields must be written in one order. */
  numberOf(value: Value): number {
    const key = JSON.stringify(value);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbering.note(this.#name, key);
    return this.#add(key, value);
  }

  valueOf(number: number): Value {
    return this.#values[number]!;
  }

  #add(key: string, value: Value): number {
    const number = this.#values.length;
    if (number === MOST) {
      throw new UsageError(
        `there are more than ${MOST} different ${this.#name}s, so not all states can be searched; try a coarser unit, for example --unit 5s, or fewer faults`,
      );
    }
    this.#values.push(value);
    this.#numbers.set(key, number);
    return number;
  }
}

/** A function of one number, worked out once for each. */
export function once<Result>(work: (number: number) => Result): (number: number) => Result {
  const known: Result[] = [];
  return (number) => (known[number] ??= work(number));
}

/** The same of a number and of one of few other things, such as symbols. */
export function onceForEach<Result>(
  work: (number: number, which: number) => Result,
): (number: number, which: number) => Result {
  const known: Result[][] = [];
  return (number, which) => ((known[which] ??= [])[number] ??= work(number, which));
}

/**
 * The same of a whole number from -1 up, for each row and one of `width` columns: kept in one piece, because it is looked
 * up very often.
 */
export function oncePerCell(
  width: number,
  work: (row: number, column: number) => number,
): (row: number, column: number) => number {
  const unknown = -2;
  let known = new Int32Array(FIRST_ROWS * width).fill(unknown);
  return (row, column) => {
    const at = row * width + column;
    const found = known[at];
    if (found !== undefined && found !== unknown) return found;
    const result = work(row, column);
    // The work may have made more room itself.
    while (at >= known.length) {
      const larger = new Int32Array(known.length * 2).fill(unknown, known.length);
      larger.set(known);
      known = larger;
    }
    known[at] = result;
    return result;
  };
}

/** The same of one that takes long, and is worked out in one thread for all. */
export function onceForAll(
  name: string,
  numbering: Numbering,
  work: (number: number) => number,
): (number: number) => number {
  const known: number[] = [];
  numbering.table(name, (entry) => {
    const [number = 0, result = 0] = entry.split(' ').map(Number);
    known[number] = result;
  });
  return (number) => {
    const result = known[number];
    if (result !== undefined) return result;
    const found = work(number);
    numbering.note(name, `${number} ${found}`);
    known[number] = found;
    return found;
  };
}

/** A function of two numbers, worked out once for each pair. */
export function oncePerPair<Result>(work: (a: number, b: number) => Result): (a: number, b: number) => Result {
  const known: Map<number, Result>[] = [];
  return (a, b) => {
    const row = (known[a] ??= new Map<number, Result>());
    let result = row.get(b);
    if (result === undefined) {
      result = work(a, b);
      row.set(b, result);
    }
    return result;
  };
}

export const hasBit = (bits: number, which: number): boolean => ((bits >> which) & 1) === 1;

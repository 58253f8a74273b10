/** Values as small numbers: equal values get the same one. */
import { UsageError } from '../../../core/failures.ts';
import { Unnumbered, type Dictionary } from '../model.ts';

/** The most values of one kind: a number takes two bytes of a state. */
const MOST = 2 ** 16;

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

/** A function of two whole numbers, worked out once for each pair. */
export function oncePerPair<Result>(work: (a: number, b: number) => Result): (a: number, b: number) => Result {
  let pairs = new Int32Array(FIRST_PAIRS * 2).fill(NO_PAIR);
  let results: Result[] = [];
  let count = 0;
  return (a, b) => {
    const slot = slotOf(pairs, a, b);
    if (pairs[slot * 2] !== NO_PAIR) return results[slot]!;
    // It may ask for others of its own, which may want the slot, or a larger table.
    const result = work(a, b);
    if (++count * 2 > pairs.length / 2) {
      const [before, known] = [pairs, results];
      pairs = new Int32Array(before.length * 2).fill(NO_PAIR);
      results = [];
      for (let old = 0; old * 2 < before.length; old++) {
        if (before[old * 2] !== NO_PAIR) put(before[old * 2]!, before[old * 2 + 1]!, known[old]!);
      }
    }
    put(a, b, result);
    return result;
  };

  function put(a: number, b: number, result: Result): void {
    const slot = slotOf(pairs, a, b);
    pairs[slot * 2] = a;
    pairs[slot * 2 + 1] = b;
    results[slot] = result;
  }
}

/** Slots of a table of pairs to begin with: a power of two. */
const FIRST_PAIRS = 1 << 8;
/** In place of the first of a pair, where a slot is empty. */
const NO_PAIR = -1;

/** The slot of a pair, or the empty one where it belongs. */
function slotOf(pairs: Int32Array, a: number, b: number): number {
  const last = pairs.length / 2 - 1;
  const mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  for (let slot = (mixed ^ (mixed >>> 15)) & last; ; slot = (slot + 1) & last) {
    const first = pairs[slot * 2]!;
    if (first === NO_PAIR || (first === a && pairs[slot * 2 + 1] === b)) return slot;
  }
}

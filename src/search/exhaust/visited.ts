/** The set of states seen so far, as pairs of hashes in one table. Other threads may look while one writes. */

const FIRST_SLOTS = 1 << 14;
/** At seven tenths the runs of full slots are still short. */
const FULLEST = 0.7;

/** Open addressing: slot n is the words 2n and 2n + 1, both 0 where it is empty. */
export class Visited {
  size = 0;
  /** Replaced by a larger one as it fills. A thread that still looks into the old one misses what is new, and no more. */
  table = tableOf(FIRST_SLOTS);
  /** The pair of zeros looks like an empty slot, so it is kept here. */
  private hasZeros = false;

  /** Whether the pair was new. */
  add(a: number, b: number): boolean {
    if (a === 0 && b === 0) {
      if (this.hasZeros) return false;
      this.hasZeros = true;
      this.size++;
      return true;
    }
    if (!put(this.table, a, b)) return false;
    this.size++;
    return true;
  }

  /** Whether the pair is there. */
  has(a: number, b: number): boolean {
    return a === 0 && b === 0 ? this.hasZeros : includes(this.table, a, b);
  }

  get isFull(): boolean {
    return this.size * 2 >= this.table.length * FULLEST;
  }

  get bytes(): number {
    return this.table.byteLength;
  }

  /** What the table will be after `grow`; while it grows, the old one is there as well. */
  get bytesGrown(): number {
    return this.table.byteLength * 2;
  }

  grow(): void {
    const old = this.table;
    const table = tableOf(old.length);
    for (let at = 0; at < old.length; at += 2) {
      const a = old[at]!;
      const b = old[at + 1]!;
      if (a !== 0 || b !== 0) put(table, a, b);
    }
    this.table = table;
  }
}

/**
 * Whether the table has the pair for certain. It says no to what another thread is just writing, and always to a pair
 * with a zero in it, which cannot be told from one half written.
 */
export function has(table: Int32Array, a: number, b: number): boolean {
  return a !== 0 && b !== 0 && includes(table, a, b);
}

function includes(table: Int32Array, a: number, b: number): boolean {
  const last = table.length - 1;
  for (let at = (a << 1) & last; ; at = (at + 2) & last) {
    const there = table[at]!;
    if (there === a && table[at + 1] === b) return true;
    if (there === 0 && table[at + 1] === 0) return false;
  }
}

/** False where it was there before. */
function put(table: Int32Array, a: number, b: number): boolean {
  const last = table.length - 1;
  let at = (a << 1) & last;
  for (;;) {
    const first = table[at]!;
    const second = table[at + 1]!;
    if (first === a && second === b) return false;
    if (first === 0 && second === 0) break;
    at = (at + 2) & last;
  }
  table[at] = a;
  table[at + 1] = b;
  return true;
}

/** A power of two of slots, shared so that other threads see it. */
function tableOf(slots: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(slots * 2 * Int32Array.BYTES_PER_ELEMENT));
}

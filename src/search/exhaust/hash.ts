/** A state as two 32-bit hashes. States of up to eight bytes keep all their bits, so for them nothing can collide. */

/** Where `hash` leaves its two results. A pair in one place costs no object for each state. */
export type Hashes = Int32Array;

export const noHashes = (): Hashes => new Int32Array(2);

/** Whether states of so many 32-bit words are told apart for certain. */
const isExact = (words: number): boolean => words <= 2;

/** Hashes the first `words` words of `state`. */
export function hash(state: Int32Array, words: number, into: Hashes): void {
  if (isExact(words)) {
    mixExactly(state[0] ?? 0, words === 2 ? (state[1] ?? 0) : 0, into);
    return;
  }
  let a = 0x2545f491;
  let b = 0x3c6ef372;
  for (let at = 0; at < words; at++) {
    const word = state[at] ?? 0;
    a = Math.imul(a ^ word, 0x9e3779b1);
    a ^= a >>> 15;
    b = Math.imul(((b << 13) | (b >>> 19)) ^ word, 0x85ebca6b);
    b ^= b >>> 16;
  }
  into[0] = finish(a, 0x2c1b3c6d);
  into[1] = finish(b, 0xc2b2ae35 | 0);
}

/** Every step can be undone, so two different pairs stay different. */
function mixExactly(first: number, second: number, into: Hashes): void {
  const x = first ^ finish(second, 0x2c1b3c6d);
  const y = second ^ finish(x, 0xc2b2ae35 | 0);
  into[0] = x ^ finish(y, 0x9e3779b1 | 0);
  into[1] = y;
}

function finish(value: number, factor: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), factor);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x297a2d39);
  return mixed ^ (mixed >>> 15);
}

/** The probability that any of `distinct` states was taken for another, by the birthday bound: n² / 2⁶⁵. */
export function collisionBound(distinct: number, words: number): number {
  return isExact(words) ? 0 : Math.min(1, distinct ** 2 / 2 ** 65);
}

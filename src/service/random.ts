/** Random numbers from a seed, so that a run can be repeated. */

/** Seeds are whole numbers below this. */
export const SEEDS = 2 ** 32;

/** Mulberry32 (Tommy Ettinger, public domain): numbers from 0 to below 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / SEEDS;
  };
}

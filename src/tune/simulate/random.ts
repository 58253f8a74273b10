/** Random numbers for the simulation: one generator for each piece of work, so that it does not matter who does which. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator';
import type { LatencySpec } from '../conditions/conditions.ts';
import { latencyOf } from '../forms/latency.ts';

/** Draws whole numbers of 32 bits, signed. */
export type Random = Pick<JumpableRandomGenerator, 'next'>;

/** A generator for one piece of the work under one seed. */
export function randomFor(seed: number, cell: number, piece: number): Random {
  const mixed = mix(mix(mix(seed) ^ cell) ^ piece);
  const random = xoroshiro128plus(mixed);
  // Seeds are only half of the state, so the first numbers are not yet well mixed.
  for (let skipped = 0; skipped < 32; skipped++) random.next();
  return random;
}

/** A number from 0 to below 1. */
export function fraction(random: Random): number {
  return (random.next() >>> 0) / 0x1_0000_0000;
}

/** Added to a fraction, it gives the middle of what was drawn: never 0, of which there is no logarithm. */
export const NOT_ZERO = 2 ** -33;

const SIZE = 1 << 13;

/**
 * Draws one of the latencies that a share of all lies above, from `least` to `most`: with 0 and 1 any, with 0.25 and 1 the
 * three shorter quarters. By linear interpolation in a table of quantiles, and exactly in the last 1/8192 at either end.
 */
export type DrawLatency = (random: Random, least: number, most: number) => number;

export function drawsFor(spec: LatencySpec): DrawLatency {
  const key = JSON.stringify(spec);
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  const draws = makeDraws(spec);
  KNOWN.set(key, draws);
  return draws;
}

/** A table takes longer to make than many a piece of work to do with it; there are as many as distributions in a run. */
const KNOWN = new Map<string, DrawLatency>();

function makeDraws(spec: LatencySpec): DrawLatency {
  const latency = latencyOf(spec);
  // Seven digits are more than the interpolation has, and half the room is more quickly read.
  const table = new Float32Array(SIZE + 1);
  for (let index = 1; index < SIZE; index++) table[index] = latency.above(index / SIZE);
  return (random, least, most) => {
    const above = least + (most - least) * fraction(random);
    const place = above * SIZE;
    const index = place | 0;
    if (index > 0 && index < SIZE - 1) {
      const high = table[index] ?? 0;
      return high + ((table[index + 1] ?? 0) - high) * (place - index);
    }
    return farOut(above, (most - least) * 2 * NOT_ZERO, random);
  };

  /** Drawn once in thousands. By itself, so that the rest is small enough to be compiled into its caller. */
  function farOut(above: number, closest: number, random: Random): number {
    // Here what comes after the first 32 bits matters, and the share must not be zero.
    return latency.above(above + closest * (fraction(random) + NOT_ZERO));
  }
}

/** Murmur's finaliser: near seeds give numbers far apart. */
function mix(n: number): number {
  let mixed = (n ^ 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) | 0;
}

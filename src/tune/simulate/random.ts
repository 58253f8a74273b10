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

/** Something happens with probability `share` if a draw, as an unsigned number, is below this. */
export function threshold(share: number): number {
  return share * 0x1_0000_0000;
}

const BITS = 13;
const SIZE = 1 << BITS;
const REST = 32 - BITS;
const REST_SIZE = 2 ** REST;

/** Draws latencies: by linear interpolation in a table of quantiles, and exactly in the last 1/8192 at either end. */
export function drawsFor(spec: LatencySpec): (random: Random) => number {
  const key = JSON.stringify(spec);
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  const draws = makeDraws(spec);
  KNOWN.set(key, draws);
  return draws;
}

/** A table takes longer to make than many a piece of work to do with it; there are as many as distributions in a run. */
const KNOWN = new Map<string, (random: Random) => number>();

function makeDraws(spec: LatencySpec): (random: Random) => number {
  const latency = latencyOf(spec);
  // Seven digits are more than the interpolation has, and half the room is more quickly read.
  const table = new Float32Array(SIZE + 1);
  for (let index = 1; index < SIZE; index++) table[index] = latency.above(1 - index / SIZE);
  return (random) => {
    const drawn = random.next();
    const index = drawn >>> REST;
    const rest = (drawn & (REST_SIZE - 1)) / REST_SIZE;
    if (index > 0 && index < SIZE - 1) {
      const low = table[index] ?? 0;
      return low + ((table[index + 1] ?? 0) - low) * rest;
    }
    return farOut(index, rest, random);
  };

  /** Drawn once in thousands. By itself, so that the rest is small enough to be compiled into its caller. */
  function farOut(index: number, rest: number, random: Random): number {
    // The rest has 19 bits only; what is above needs more, and must not be zero.
    const beyond = (rest + (fraction(random) + 2 ** -33) / REST_SIZE) / SIZE;
    return latency.above(index === 0 ? 1 - beyond : beyond);
  }
}

/** Murmur's finaliser: near seeds give numbers far apart. */
function mix(n: number): number {
  let mixed = (n ^ 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) | 0;
}

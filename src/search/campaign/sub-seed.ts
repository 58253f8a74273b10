/** The seed of each run of a campaign: a function of the seed of the campaign and the number of the run, and of nothing else. */

/** A whole number below 2^32. `run` counts from 1. Two rounds of a 32-bit mixer (MurmurHash3's, public domain). */
export function subSeed(seed: number, run: number): number {
  return mixed(mixed(seed ^ 0x9e3779b9) + Math.imul(run, 0x85ebca6b));
}

function mixed(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

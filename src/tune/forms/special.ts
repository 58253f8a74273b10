/** The incomplete gamma integral of cephes, which throws where its result is too small to be written; here it is then 0. */
import { igamc, igami } from 'cephes';

/** Regularised, from x to infinity. */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  // Further out not even the integrand can be written, and further in nothing is left below.
  if (x > a + 700 + 40 * Math.sqrt(a)) return 0;
  try {
    return igamc(a, x);
  } catch {
    return x < a ? 1 : 0;
  }
}

/** The x at which it is q. */
export function upperGammaInverse(a: number, q: number): number {
  if (q >= 1) return 0;
  try {
    return igami(a, q);
  } catch {
    return byHalving(a, q);
  }
}

function byHalving(a: number, q: number): number {
  let [low, high] = [0, a + 1];
  while (upperGamma(a, high) > q) [low, high] = [high, high * 2];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (upperGamma(a, middle) > q) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

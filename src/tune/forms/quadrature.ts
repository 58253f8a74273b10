/** Integrals: Gauss–Legendre over panels, and the nodes by which an expectation over a latency is a short sum. */
import type { Latency } from './latency.ts';

/** Five points on [−1, 1]; exact for polynomials of degree nine. */
const POINTS = [-0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664] as const;
const WEIGHTS = [
  0.23692688505618908, 0.47862867049936647, 0.5688888888888889, 0.47862867049936647, 0.23692688505618908,
] as const;

export interface Nodes {
  readonly at: Float64Array;
  readonly weight: Float64Array;
}

/** Points and weights for an integral over the panels between `edges`, which rise. */
export function panels(edges: readonly number[]): Nodes {
  const at: number[] = [];
  const weight: number[] = [];
  for (let panel = 1; panel < edges.length; panel++) {
    const [low = 0, high = 0] = [edges[panel - 1], edges[panel]];
    for (const [index, point] of POINTS.entries()) {
      at.push((low + high) / 2 + (point * (high - low)) / 2);
      weight.push(((WEIGHTS[index] ?? 0) * (high - low)) / 2);
    }
  }
  return { at: Float64Array.from(at), weight: Float64Array.from(weight) };
}

/** Panels in the share of latencies above: fine towards both ends, where a quantile is steep. */
const SHARES = panels([0, 1e-6, 1e-3, 0.05, 0.5, 0.95, 1]);

/** Latencies and weights that sum to 1: the sum of weight × g(latency) is E[g(D)] for any g that is smooth in between. */
export function expectationOver(latency: Latency): Nodes {
  return { at: SHARES.at.map((share) => latency.above(share)), weight: SHARES.weight };
}

/** The integral of `g` from `low` to `high`, with panels that double in width from `scale` on: for what falls off from `low`. */
export function integrate(g: (x: number) => number, low: number, high: number, scale: number): number {
  if (high <= low) return 0;
  const edges = [low];
  for (let width = scale; (edges.at(-1) ?? high) < high; width *= 2) {
    edges.push(Math.min(high, (edges.at(-1) ?? low) + width));
  }
  const { at, weight } = panels(edges);
  let sum = 0;
  for (let index = 0; index < at.length; index++) sum += (weight[index] ?? 0) * g(at[index] ?? 0);
  return sum;
}

/** What a number of runs says about the runs that were not made. */

/**
 * The largest share of failing runs, with 95 % confidence, after this many independent runs of which none failed: one that
 * fails more often would have shown itself in 19 of 20 such campaigns. About 3 in n.
 */
export function failureBound(runs: number): number {
  return runs === 0 ? 1 : 1 - 0.05 ** (1 / runs);
}

/** When things happen: the earliest instants that keep the distances between them. */

/** `to` happens `least` milliseconds after `from` or later; before it at most so much, where `least` is negative. */
export interface Distance {
  readonly from: number;
  readonly to: number;
  readonly least: number;
}

/** Both: `to` happens that long after `from`, no sooner and no later. */
export const exactly = (from: number, to: number, after: number): readonly Distance[] => [
  { from, to, least: after },
  { from: to, to: from, least: -after },
];

/** Nothing happens before it `begins`, nor as late as `within` after that. Null where the distances contradict each other. */
export function earliestInstants(
  begins: readonly number[],
  distances: readonly Distance[],
  within: number,
): readonly number[] | null {
  const instants = [...begins];
  for (let changed = true; changed;) {
    changed = false;
    for (const { from, to, least } of distances) {
      const earliest = instants[from]! + least;
      if (instants[to]! >= earliest) continue;
      if (earliest >= begins[to]! + within) return null;
      instants[to] = earliest;
      changed = true;
    }
  }
  return instants;
}

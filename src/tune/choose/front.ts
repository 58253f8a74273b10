/** The Pareto front: the pairs of which none is better in one respect without being worse in another. */
import type { Figures } from '../forms/figures.ts';

/** A false expiry of a device in more than a thousand years: rarer is no better to anybody. */
const NEVER = 1e-6;

/** What a pair is weighed by: false expiries, recovery, and load. */
const RESPECTS: readonly ((figures: Figures) => number)[] = [
  // To three digits: what differs by less is the same to whoever chooses.
  ({ falseExpiries }) => Math.max(NEVER, Number(falseExpiries.toPrecision(3))),
  ({ recovery }) => recovery.max,
  ({ writes }) => writes,
];

/** In the order of the grid. */
export function paretoFront(grid: readonly Figures[]): readonly Figures[] {
  const values = grid.map((figures) => RESPECTS.map((respect) => respect(figures)));
  return grid.filter((_, index) => {
    const mine = values[index] ?? [];
    return !values.some((other) => dominates(other, mine));
  });
}

/** Whether `a` is at least as good in every respect, and better in one. */
function dominates(a: readonly number[], b: readonly number[]): boolean {
  let better = false;
  for (let index = 0; index < a.length; index++) {
    const [mine, other] = [a[index] ?? 0, b[index] ?? 0];
    if (mine > other) return false;
    if (mine < other) better = true;
  }
  return better;
}

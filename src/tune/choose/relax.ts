/** Where nothing keeps every wish: which wish to relax, to what, and the pair that then keeps all of them. */
import type { Figures } from '../forms/figures.ts';
import { keeps, METRICS, relaxTo, type Wish } from './wishes.ts';

export interface Relaxation {
  /** To be relaxed together, one alone where that is enough; null is to be left out, because no bound would be kept. */
  readonly wishes: readonly { readonly wish: Wish; readonly to: Wish | null }[];
  readonly pair: Figures;
}

/** One for each smallest set of wishes that is enough; the least relaxed first. */
export function relaxations(grid: readonly Figures[], wishes: readonly Wish[]): readonly Relaxation[] {
  for (let size = 1; size <= wishes.length; size++) {
    const found = subsets(wishes, size).flatMap((relaxed) => {
      const kept = wishes.filter((wish) => !relaxed.includes(wish));
      const candidates = grid.filter((figures) => kept.every((wish) => keeps(wish, figures)));
      const pair = least(candidates, (figures) => strain(relaxed, figures));
      if (pair === null) return [];
      // Of the wishes in the set, those that the pair keeps need no relaxing.
      const broken = relaxed.filter((wish) => !keeps(wish, pair));
      return [{ wishes: broken.map((wish) => ({ wish, to: relaxTo(wish, pair) })), pair }];
    });
    if (found.length > 0) return found.toSorted((a, b) => strain(wishes, a.pair) - strain(wishes, b.pair));
  }
  return [];
}

/** By how many times its bound the worst of the wishes is missed; one where all are kept. */
function strain(wishes: readonly Wish[], figures: Figures): number {
  return Math.max(1, ...wishes.filter((wish) => !keeps(wish, figures)).map((wish) => missedBy(wish, figures)));
}

function missedBy({ metric, bound }: Wish, figures: Figures): number {
  const value = METRICS[metric].of(figures);
  if (bound <= 0 || value <= 0) return Number.isFinite(value) ? 1e6 + Math.abs(value) : Infinity;
  return METRICS[metric].better === 'less' ? value / bound : bound / value;
}

function least(grid: readonly Figures[], weight: (figures: Figures) => number): Figures | null {
  let best: Figures | null = null;
  let lightest = Infinity;
  for (const figures of grid) {
    const mine = weight(figures);
    if (best === null || mine < lightest || (mine === lightest && figures.writes < best.writes)) {
      best = figures;
      lightest = mine;
    }
  }
  return best;
}

function subsets<T>(of: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return of.flatMap((first, index) => subsets(of.slice(index + 1), size - 1).map((rest) => [first, ...rest]));
}

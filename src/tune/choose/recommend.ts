/** The pair to choose: of those that keep every wish, the one that keeps the tightest of them with most to spare. */
import type { Figures } from '../forms/figures.ts';
import { keeps, METRICS, type Wish } from './wishes.ts';
import { neighboursOf, type Neighbour } from './neighbours.ts';
import { relaxations, type Relaxation } from './relax.ts';

export type Recommendation =
  | {
      readonly type: 'found';
      readonly chosen: Figures;
      /** The wish kept with least to spare, and how many times its bound lies from the figure; null where no wish has a bound to come near. */
      readonly tightest: { readonly wish: Wish; readonly spare: number } | null;
      readonly candidates: number;
      readonly neighbours: readonly Neighbour[];
    }
  | { readonly type: 'none'; readonly relaxations: readonly Relaxation[] };

export function recommend(grid: readonly Figures[], wishes: readonly Wish[]): Recommendation {
  const candidates = grid.filter((figures) => wishes.every((wish) => keeps(wish, figures)));
  let chosen: Figures | null = null;
  for (const figures of candidates) if (chosen === null || isBetter(figures, chosen, wishes)) chosen = figures;
  if (chosen === null) return { type: 'none', relaxations: relaxations(grid, wishes) };
  const found = chosen;
  const [tightest] = wishes
    .map((wish) => ({ wish, spare: spareOf(wish, found) }))
    .filter(({ spare }) => Number.isFinite(spare))
    .toSorted((a, b) => a.spare - b.spare);
  return {
    type: 'found',
    chosen: found,
    tightest: tightest ?? null,
    candidates: candidates.length,
    neighbours: neighboursOf(found, grid, wishes),
  };
}

/** More to spare than this is worth nothing. */
const ENOUGH = 10;

/** How many times the bound is away from the figure; infinite for a bound that one either meets or does not. */
function spareOf({ metric, bound, relation }: Wish, figures: Figures): number {
  const value = METRICS[metric].of(figures);
  if (bound <= 0 || relation === '=') return Infinity;
  const isUpper = relation.startsWith('<');
  return isUpper ? bound / Math.max(value, Number.MIN_VALUE) : value / bound;
}

/** Whether `a` keeps its tightest wish with more to spare than `b`; if alike, has more to spare in all, and then writes less. */
function isBetter(a: Figures, b: Figures, wishes: readonly Wish[]): boolean {
  const spares = (figures: Figures): readonly number[] =>
    wishes.map((wish) => Math.min(ENOUGH, spareOf(wish, figures))).toSorted((x, y) => x - y);
  const [mine, other] = [spares(a), spares(b)];
  for (let index = 0; index < mine.length; index++) {
    const [x, y] = [mine[index] ?? 0, other[index] ?? 0];
    if (Math.abs(x - y) > 1e-9) return x > y;
  }
  if (a.writes !== b.writes) return a.writes < b.writes;
  return a.timeout < b.timeout;
}

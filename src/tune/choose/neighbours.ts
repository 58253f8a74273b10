/** Why the pairs beside the chosen one are worse: the wishes they break, or what they make worse and what they gain. */
import type { Pair } from '../conditions/conditions.ts';
import type { Figures } from '../forms/figures.ts';
import { keeps, METRICS, type MetricName, type Wish } from './wishes.ts';

export interface Neighbour extends Pair {
  /** How it differs from the chosen pair. */
  readonly step: 'shorter heartbeat' | 'longer heartbeat' | 'shorter timeout' | 'longer timeout';
  readonly breaks: readonly { readonly wish: Wish; readonly value: number }[];
  /** What differs by more than a hundredth, in the unit of the figure; what is worse by less only where nothing is by more. */
  readonly worse: readonly Difference[];
  readonly better: readonly Difference[];
}

export interface Difference {
  readonly metric: MetricName;
  readonly from: number;
  readonly to: number;
}

/** Besides what is wished for. */
const COMPARED: readonly MetricName[] = ['false-expiry', 'recovery-max', 'recovery-mean', 'writes', 'outage'];

export function neighboursOf(chosen: Figures, grid: readonly Figures[], wishes: readonly Wish[]): readonly Neighbour[] {
  const compared = [...new Set([...COMPARED, ...wishes.map(({ metric }) => metric)])];
  const sameTimeout = grid.filter(({ timeout }) => timeout === chosen.timeout);
  const sameHeartbeat = grid.filter(({ heartbeat }) => heartbeat === chosen.heartbeat);
  const beside = [
    ['shorter heartbeat', nearest(sameTimeout, ({ heartbeat }) => chosen.heartbeat - heartbeat)],
    ['longer heartbeat', nearest(sameTimeout, ({ heartbeat }) => heartbeat - chosen.heartbeat)],
    ['shorter timeout', nearest(sameHeartbeat, ({ timeout }) => chosen.timeout - timeout)],
    ['longer timeout', nearest(sameHeartbeat, ({ timeout }) => timeout - chosen.timeout)],
  ] as const;
  return beside.flatMap(([step, figures]) => {
    if (figures === null) return [];
    const differences = compared.map((metric) => ({
      metric,
      from: METRICS[metric].of(chosen),
      to: METRICS[metric].of(figures),
    }));
    const isWorse = ({ metric, from, to }: Difference): boolean =>
      METRICS[metric].better === 'less' ? to > from : to < from;
    const isMuch = ({ from, to }: Difference): boolean =>
      Math.abs(to - from) > 0.01 * Math.max(Math.abs(from), Math.abs(to));
    const worse = differences.filter(isWorse);
    const muchWorse = worse.filter(isMuch);
    return [
      {
        heartbeat: figures.heartbeat,
        timeout: figures.timeout,
        step,
        breaks: wishes
          .filter((wish) => !keeps(wish, figures))
          .map((wish) => ({ wish, value: METRICS[wish.metric].of(figures) })),
        // Little worse is told only where it is all that there is.
        worse: muchWorse.length > 0 ? muchWorse : worse,
        better: differences.filter((each) => !isWorse(each) && isMuch(each)),
      },
    ];
  });
}

/** The pair with the smallest distance above zero. */
function nearest(grid: readonly Figures[], distance: (figures: Figures) => number): Figures | null {
  let best: Figures | null = null;
  for (const figures of grid) {
    if (distance(figures) > 0 && (best === null || distance(figures) < distance(best))) best = figures;
  }
  return best;
}

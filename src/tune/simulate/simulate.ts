/** Simulates chosen pairs, by as many workers as are given, with the same figures whatever their number. */
import type { Duration } from '../../core/time.ts';
import type { Conditions, Pair } from '../conditions/conditions.ts';
import { longestFence } from '../forms/fence.ts';
import { summarise, type Simulated } from './estimate.ts';
import type { Piece, PieceResult } from './piece.ts';

export interface Plan {
  readonly seed: number;
  /** Heartbeats for each pair. */
  readonly heartbeats: number;
  /** Below this many expected expiries they are not counted but reached by splitting. */
  readonly rareBelow: number;
}

/** How a piece gets done: here, or by a worker. */
export type DoPiece = (piece: Piece) => Promise<PieceResult>;

/** Pieces of a pair; their spread is what the intervals are made of, so their number does not depend on the machine. */
const PIECES = 32;

/**
 * `expected` says roughly how many false expiries a device and day to expect of a pair, to choose the method. `onDone` is
 * called when a pair is done.
 */
export async function simulate(
  pairs: readonly Pair[],
  conditions: Conditions,
  plan: Plan,
  expected: (pair: Pair) => number,
  doPiece: DoPiece,
  onDone: (done: number) => void = () => undefined,
): Promise<readonly Simulated[]> {
  let done = 0;
  return Promise.all(
    pairs.map(async (pair) => {
      const days = (plan.heartbeats * pair.heartbeat) / 86_400_000;
      const method = expected(pair) * days < plan.rareBelow ? 'splitting' : 'plain';
      const pieces = Array.from({ length: PIECES }, (_, number) =>
        doPiece({
          pair,
          conditions,
          fence: fenceOf(pair, conditions),
          method,
          seed: plan.seed,
          // By what it is and not by its place, so that a pair has the same figures in any selection.
          cell: pair.heartbeat * 7919 + pair.timeout,
          number,
          heartbeats: Math.ceil(plan.heartbeats / PIECES),
        }),
      );
      const simulated = summarise(await Promise.all(pieces), method);
      onDone(++done);
      return simulated;
    }),
  );
}

function fenceOf({ timeout }: Pair, { fence, stopTime, drift }: Conditions): Duration | null {
  if (fence === 'none') return null;
  return fence === 'auto' ? longestFence(timeout, stopTime, drift) : fence;
}

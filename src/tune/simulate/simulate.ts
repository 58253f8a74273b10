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
/** A whole world plays some ten thousand heartbeats a second, so a spot check has no more of them. */
const SPOT_CHECK = 20_480;

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
  onDone: () => void = () => undefined,
): Promise<readonly Simulated[]> {
  return Promise.all(
    pairs.map(async (pair) => {
      const days = (plan.heartbeats * pair.heartbeat) / 86_400_000;
      const method = expected(pair) * days < plan.rareBelow ? 'splitting' : 'plain';
      const simulated = await simulateOne(pair, conditions, method, plan.seed, plan.heartbeats, doPiece);
      onDone();
      return simulated;
    }),
  );
}

/** The same of whole worlds, with server and client as they are. */
export async function spotCheck(
  pairs: readonly Pair[],
  conditions: Conditions,
  seed: number,
  doPiece: DoPiece,
  onDone: () => void = () => undefined,
): Promise<readonly Simulated[]> {
  return Promise.all(
    pairs.map(async (pair) => {
      const checked = await simulateOne(pair, conditions, 'world', seed, SPOT_CHECK, doPiece);
      onDone();
      return checked;
    }),
  );
}

async function simulateOne(
  pair: Pair,
  conditions: Conditions,
  method: Piece['method'],
  seed: number,
  heartbeats: number,
  doPiece: DoPiece,
): Promise<Simulated> {
  const pieces = Array.from({ length: PIECES }, (_, number) =>
    doPiece({
      pair,
      conditions,
      fence: fenceOf(pair, conditions),
      method,
      seed,
      // By what it is and not by its place, so that a pair has the same figures in any selection.
      cell: pair.heartbeat * 7919 + pair.timeout,
      number,
      heartbeats: Math.ceil(heartbeats / PIECES),
    }),
  );
  return summarise(await Promise.all(pieces), method);
}

function fenceOf({ timeout }: Pair, { fence, stopTime, drift }: Conditions): Duration | null {
  if (fence === 'none') return null;
  return fence === 'auto' ? longestFence(timeout, stopTime, drift) : fence;
}

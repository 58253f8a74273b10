/** A piece of the work: so many heartbeats of one pair, from a seed of its own. What comes out depends on nothing else. */
import { unreachable } from '../../core/unreachable.ts';
import type { Conditions, Pair } from '../conditions/conditions.ts';
import { ready } from '../forms/latency.ts';
import { randomFor } from './random.ts';
import { openSession } from './session.ts';
import { split } from './splitting.ts';
import { NOW } from './state.ts';
import { observeInWorld } from './world.ts';

export interface Piece {
  readonly pair: Pair;
  readonly conditions: Conditions;
  /** The fence in force, in milliseconds. */
  readonly fence: number | null;
  /** `world` has the whole server and client play it. */
  readonly method: 'plain' | 'splitting' | 'world';
  readonly seed: number;
  /** Tells the pairs of a run apart, and the pieces of a pair. */
  readonly cell: number;
  readonly number: number;
  readonly heartbeats: number;
}

export interface PieceResult {
  readonly heartbeats: number;
  /** Time simulated without help, in milliseconds. */
  readonly ms: number;
  /** Mean attempts of a heartbeat; null where they are not counted, and so below. */
  readonly attempts: number | null;
  /** False expiries a millisecond, and their number where they were simply counted. */
  readonly expiryRate: number;
  readonly expiries: number | null;
  /** What the rate may lack, with a confidence of 95 %, because splitting came no further; zero where everything was counted. */
  readonly unreached: number;
  /** Milliseconds held for dead, a millisecond. */
  readonly excessRate: number | null;
  readonly stops: number | null;
  /** From a crash to the expiry, in milliseconds, for crashes at random moments; in a world, to a start that succeeds. */
  readonly detections: Float64Array;
}

export async function doPiece(piece: Piece): Promise<PieceResult> {
  await ready;
  switch (piece.method) {
    case 'plain':
      return count(piece);
    case 'splitting':
      return split(piece);
    case 'world':
      return observeInWorld(piece);
    default:
      return unreachable(piece.method);
  }
}

function count({ pair, conditions, fence, seed, cell, number, heartbeats }: Piece): PieceResult {
  const random = randomFor(seed, cell, number);
  const { state, seen, skip, step } = openSession(pair, conditions, fence, random);
  while (seen.heartbeats < heartbeats) step(random, skip(random, heartbeats - seen.heartbeats - 1));
  const ms = state[NOW] ?? 0;
  return {
    heartbeats,
    ms,
    attempts: seen.attempts / heartbeats,
    expiryRate: seen.expiries / ms,
    expiries: seen.expiries,
    unreached: 0,
    excessRate: seen.beyond / ms,
    stops: seen.stops,
    detections: Float64Array.from(seen.detections),
  };
}

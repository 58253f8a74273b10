/** Spot checks: chosen pairs are run in a whole simulated world, and what was seen there is held against the closed forms. */
import type { Conditions, Pair } from './conditions/conditions.ts';
import type { Estimate } from './simulate/estimate.ts';

/** What a world is to run: a policy's figures, a network, and for how long. */
export interface Observation extends Pair {
  readonly conditions: Conditions;
  /** Each of them one session, kept alive by a healthy client for this many heartbeats. */
  readonly sessions: number;
  readonly heartbeats: number;
  readonly seed: number;
}

export interface Observed {
  /** Session time that was watched, in milliseconds. */
  readonly watched: number;
  /** Healthy sessions that the server let go of. */
  readonly falseExpiries: number;
  /** For crashes at random moments, milliseconds until a start succeeded. */
  readonly recoveries: readonly number[];
}

/** Runs a world and tells what was seen. Whoever has a world writes one of these; this room knows of none. */
export type Observe = (observation: Observation) => Promise<Observed>;

export interface SpotCheck extends Pair {
  readonly falseExpiries: Estimate;
  readonly recoveryMean: Estimate;
}

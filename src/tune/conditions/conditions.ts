/** What a pair of heartbeat and timeout is judged under, as data: the network, the clients, the fleet. Durations in milliseconds. */
import type { Duration } from '../../core/time.ts';
import { milliseconds, NO_TIME, seconds } from '../../core/time.ts';

/** The time from the sending of a message to its receipt, one way, as a distribution. All figures in milliseconds. */
export type LatencySpec =
  | { readonly type: 'constant'; readonly at: number }
  | { readonly type: 'uniform'; readonly min: number; readonly max: number }
  | { readonly type: 'exponential'; readonly mean: number }
  | { readonly type: 'lognormal'; readonly p50: number; readonly sigma: number }
  | { readonly type: 'gamma'; readonly shape: number; readonly scale: number }
  | { readonly type: 'weibull'; readonly shape: number; readonly scale: number }
  /** Heavy-tailed: P(D ≥ x) = (min/x)^alpha from `min` up. */
  | { readonly type: 'pareto'; readonly min: number; readonly alpha: number };

/**
 * How messages are lost, in either direction. A Gilbert–Elliott channel is good or bad, for exponential times with these
 * means; `good` and `bad` are the shares of messages lost meanwhile. Independent loss is a channel that never changes.
 */
export type LossSpec =
  | { readonly type: 'independent'; readonly share: number }
  | {
      readonly type: 'gilbert-elliott';
      readonly good: number;
      readonly bad: number;
      readonly goodFor: number;
      readonly badFor: number;
    };

/** Times at which a client's whole process stands still: garbage collection, a busy machine, a lid that was shut. */
export interface PauseSpec {
  /** The mean time between the beginnings of two pauses. */
  readonly every: number;
  readonly length: LatencySpec;
}

export interface Conditions {
  readonly loss: LossSpec;
  readonly latency: LatencySpec;
  /** The largest rate error of any clock: 0.0002 is 200 ppm. */
  readonly drift: number;
  readonly devices: number;
  /** The period of the clean-up job; zero where the next start sees for itself that a session has expired. */
  readonly sweep: Duration;
  /** Waited after an expiry before the next grant. */
  readonly grace: Duration;
  /** How often somebody who is refused tries again; zero for one who comes back exactly when told. */
  readonly callerRetry: Duration;
  readonly requestTimeout: Duration;
  /** Further attempts of a heartbeat that was not answered within the request timeout. */
  readonly retries: number;
  /** The longest time a client takes to stop working once told. */
  readonly stopTime: Duration;
  /** `timer` sends every h; `sequential` waits for the answer, then sleeps h. */
  readonly loop: 'timer' | 'sequential';
  readonly pauses: PauseSpec | null;
  /** `auto` is the longest fence that keeps two devices from ever working at once. */
  readonly fence: Duration | 'auto' | 'none';
  /** Size of one heartbeat on the wire. */
  readonly heartbeatBytes: number;
}

/** A heartbeat interval and a timeout, the two that are chosen. */
export interface Pair {
  readonly heartbeat: Duration;
  readonly timeout: Duration;
}

/** What is assumed where nothing is said: a usual network, a thousand devices, lazy clean-up, no retries. */
export const USUAL: Conditions = {
  loss: { type: 'independent', share: 0.01 },
  latency: { type: 'exponential', mean: 150 },
  drift: 0.0002,
  devices: 1000,
  sweep: NO_TIME,
  grace: NO_TIME,
  callerRetry: NO_TIME,
  requestTimeout: seconds(5),
  retries: 0,
  stopTime: seconds(1),
  loop: 'timer',
  pauses: null,
  fence: 'auto',
  heartbeatBytes: 500,
};

/** Attempts fit into one heartbeat interval, or a client would have two heartbeats under way at once. */
export function attemptsFit(pair: Pair, conditions: Conditions): boolean {
  return conditions.loop === 'sequential' || attemptsLast(conditions) <= pair.heartbeat;
}

/** How long a heartbeat takes whose every attempt fails. */
export function attemptsLast({ retries, requestTimeout }: Conditions): Duration {
  return milliseconds((retries + 1) * requestTimeout);
}

/** All closed forms of one pair of heartbeat and timeout. Durations in milliseconds. */
import { longer, type Duration } from '../../core/time.ts';
import { attemptsFit, type Conditions, type Pair } from '../conditions/conditions.ts';
import { fenceFigures } from './fence.ts';
import { mistakes } from './false-expiry.ts';
import { interval, modelOf, type Model } from './model.ts';
import { recoveryOf, type Spread } from './recovery.ts';

const DAY = 86_400_000;

export interface Figures extends Pair {
  /** Healthy sessions taken for dead, a device and day. */
  readonly falseExpiries: number;
  /** Whether that is no figure but only a bound: so rare that the simulation, where it is needed, did not get there. */
  readonly isBound: boolean;
  /** Between two such mistakes of one session, on average; infinite where there are none. */
  readonly betweenMistakes: number;
  /** How long a live session is held for dead, on average; null where it never is. */
  readonly mistakeLasts: number | null;
  /** Heartbeats in a row that may go missing without an expiry, even at a bad latency. Minus one where not even none may. */
  readonly missesTolerated: number;
  readonly detection: Spread;
  readonly recovery: Spread;
  /** Of the whole fleet, a second. */
  readonly writes: number;
  readonly bytes: number;
  readonly fence: Duration | null;
  /** Healthy clients stopped by their own fence, a device and day. */
  readonly fenceStops: number;
  /** The longest two devices can work at once; infinite without a fence. */
  readonly overlap: number;
  /** How long work goes on in an outage. */
  readonly outageLeast: number;
  readonly outageMost: number;
  /** What an honest server announces to a rival while the holder is alive. */
  readonly waitLeast: number;
  readonly waitMost: number;
  /** After a takeover: how long the victim works on, on average and at most, and the grace that keeps the rival out until then. */
  readonly takeoverMean: number;
  readonly takeoverMost: number;
}

/** Throws nothing and checks nothing: see `attemptsFit` for pairs that make no sense. Await `ready` before. */
export function figuresOf(model: Model, pair: Pair): Figures {
  const { conditions } = model;
  const { rate, duration } = mistakes(model, pair);
  const { detection, recovery } = recoveryOf(model, pair);
  const { fence, overlap, outageLeast, outageMost, stopRate } = fenceFigures(model, pair);
  const every = interval(model, pair.heartbeat);
  const sent = (conditions.devices * model.attempts) / (every / 1000);
  return {
    ...pair,
    falseExpiries: rate * DAY,
    isBound: false,
    betweenMistakes: rate > 0 ? 1 / rate : Infinity,
    mistakeLasts: duration,
    missesTolerated: Math.max(-1, Math.ceil((pair.timeout - model.latency.above(0.001)) / every) - 2),
    detection,
    recovery,
    writes: sent + (conditions.sweep > 0 ? 1000 / conditions.sweep : 0),
    bytes: sent * conditions.heartbeatBytes,
    fence,
    fenceStops: stopRate * DAY,
    overlap,
    outageLeast,
    outageMost,
    waitLeast: Math.max(0, pair.timeout - every) + conditions.grace,
    waitMost: pair.timeout + conditions.grace + conditions.sweep,
    takeoverMean: every / 2 + 2 * model.latency.mean + conditions.stopTime,
    takeoverMost: fence === null ? Infinity : fence / (1 - conditions.drift) + conditions.stopTime,
  };
}

/** What an honest server tells a rival to wait, at the holder's age; `toSweep` is the time to the first sweep after the expiry. */
export function honestWait(timeout: Duration, age: Duration, grace: Duration, toSweep: Duration): Duration {
  return (longer(0 as Duration, (timeout - age) as Duration) + grace + toSweep) as Duration;
}

/** Every pair of the two lists that makes sense: the timeout above the heartbeat, and the attempts within it. */
export function gridOf(
  heartbeats: readonly Duration[],
  timeouts: readonly Duration[],
  conditions: Conditions,
): readonly Figures[] {
  const model = modelOf(conditions);
  return heartbeats.flatMap((heartbeat) =>
    timeouts
      .map((timeout) => ({ heartbeat, timeout }))
      .filter((pair) => pair.timeout > pair.heartbeat && attemptsFit(pair, conditions))
      .map((pair) => figuresOf(model, pair)),
  );
}

/** Why the closed forms of these conditions are only near the truth; empty where they are exact. */
export function approximations(model: Model, heartbeats: readonly Duration[]): readonly string[] {
  const { conditions, latency } = model;
  const shortest = Math.min(...heartbeats);
  return [
    ...(conditions.loop === 'sequential' ? ['a loop that waits for the answer has no fixed interval'] : []),
    ...(conditions.pauses === null ? [] : ['the closed forms know nothing of pauses']),
    ...(latency.tail(shortest) > 0.001 ? ['latencies reach beyond the heartbeat interval'] : []),
  ];
}

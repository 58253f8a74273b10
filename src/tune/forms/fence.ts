/** The client's own deadline: how long it may be so that two devices never work at once, and what it costs. */
import { milliseconds, type Duration } from '../../core/time.ts';
import type { Pair } from '../conditions/conditions.ts';
import { interval, type Model } from './model.ts';

export interface FenceFigures {
  /** The fence in force, counted from the sending of the last acknowledged heartbeat; null for none. */
  readonly fence: Duration | null;
  /** The longest two devices can work at once after an expiry; infinite without a fence. */
  readonly overlap: number;
  /** How long work goes on in an outage, at least and at most; infinite without a fence. */
  readonly outageLeast: number;
  readonly outageMost: number;
  /** Healthy clients that stop by themselves, each a millisecond. */
  readonly stopRate: number;
}

/**
 * The longest fence F with F/(1−ρ) + w < T/(1+ρ); null where the stop time alone is too long. It has no term for the
 * latency, because the server counts from a receipt that follows the sending.
 */
export function longestFence(timeout: Duration, stopTime: Duration, drift: number): Duration | null {
  const bound = (timeout / (1 + drift) - stopTime) * (1 - drift);
  // Strictly below: at equality both may work at one and the same instant.
  const whole = Math.ceil(bound - 1e-6) - 1;
  return whole > 0 ? milliseconds(whole) : null;
}

export function fenceFigures(model: Model, pair: Pair): FenceFigures {
  const { fence: wanted, stopTime, drift } = model.conditions;
  const fence = wanted === 'none' ? null : wanted === 'auto' ? longestFence(pair.timeout, stopTime, drift) : wanted;
  const every = interval(model, pair.heartbeat);
  if (fence === null) {
    return { fence, overlap: Infinity, outageLeast: Infinity, outageMost: Infinity, stopRate: 0 };
  }
  const worksUntil = fence / (1 - drift) + stopTime;
  const freeFrom = pair.timeout / (1 + drift);
  return {
    fence,
    overlap: worksUntil < freeFrom ? 0 : worksUntil - freeFrom,
    outageLeast: Math.max(0, fence - every),
    outageMost: fence,
    stopRate: stopShare(model, pair, fence) / every,
  };
}

/** Of the heartbeats sent, the share that is acknowledged while no later one is before the fence. */
function stopShare(model: Model, { heartbeat }: Pair, fence: number): number {
  const { channel, conditions, roundTripWithin, failsGood, failsBad } = model;
  const { retries, requestTimeout } = conditions;
  const sequential = conditions.loop === 'sequential';
  const { lostGood, lostBad, badShare } = channel;
  let stops = 0;
  let [good, bad] = [1 - badShare, badShare];
  const forget = (memory: number): void => {
    const all = good + bad;
    bad = all * badShare + (bad - all * badShare) * memory;
    good = all - bad;
  };
  let [openGood, openBad] = [good, bad];
  for (let acknowledged = 0; acknowledged <= retries; acknowledged++) {
    [good, bad] = [openGood * (1 - failsGood), openBad * (1 - failsBad)];
    let start = sequential ? heartbeat + 2 * model.latency.mean : heartbeat - acknowledged * requestTimeout;
    forget(channel.memory(start));
    while (start < fence && good + bad > 0) {
      for (let attempt = 0; attempt <= retries; attempt++) {
        const left = fence - start - attempt * requestTimeout;
        const within = left >= requestTimeout ? null : left <= 0 ? 0 : roundTripWithin(left);
        good *= within === null ? failsGood : 1 - (1 - lostGood) ** 2 * within;
        bad *= within === null ? failsBad : 1 - (1 - lostBad) ** 2 * within;
        if (attempt < retries) forget(channel.memory(requestTimeout));
      }
      const cycle = sequential ? model.givesUpAfter + heartbeat : heartbeat;
      forget(channel.memory(cycle - retries * requestTimeout));
      start += cycle;
    }
    stops += good + bad;
    [good, bad] = [openGood * failsGood, openBad * failsBad];
    forget(channel.memory(requestTimeout));
    [openGood, openBad] = [good, bad];
  }
  return stops;
}

/**
 * How often a healthy session is taken for dead: heartbeats that arrive, and after which none arrives for the timeout.
 * With messages lost independently with probability p, latencies D and no retries this is
 * ((1−p)²/h)·Σₖ pᵏ·P(D′−D ≥ T−(k+1)h); here the same, also for a bursty channel, retries, and heartbeats that overtake
 * one another.
 */
import type { Pair } from '../conditions/conditions.ts';
import { interval, type Model } from './model.ts';
import { pathsOf, type Tally } from './silence.ts';

export interface Mistakes {
  /** False expiries of one session a millisecond. */
  readonly rate: number;
  /** How long, on average, the server holds a live session for dead; null where it never does. Heartbeats are taken to arrive in order. */
  readonly duration: number | null;
}

export function mistakes(model: Model, pair: Pair): Mistakes {
  const follow = pathsOf(model, pair);
  const { channel, conditions, nodes, inTime } = model;
  const { lostGood, lostBad, badShare } = channel;
  const { retries, requestTimeout } = conditions;
  const sequential = conditions.loop === 'sequential';
  const ofAll: Tally = { silent: 0, late: 0, lateBy: 0 };
  let [good, bad] = [1 - badShare, badShare];
  for (let attempt = 0; attempt <= retries; attempt++) {
    const [arrivesGood, arrivesBad] = [good * (1 - lostGood), bad * (1 - lostBad)];
    for (let node = 0; node < nodes.at.length; node++) {
      const [delay, share] = [nodes.at[node] ?? 0, nodes.weight[node] ?? 0];
      const answered = share * (inTime[node] ?? 0);
      const [answeredGood, answeredBad] = [
        arrivesGood * (1 - lostGood) * answered,
        arrivesBad * (1 - lostBad) * answered,
      ];
      // Answered: the next heartbeat comes after the interval.
      const next = sequential ? delay + model.latency.mean + pair.heartbeat : pair.heartbeat - attempt * requestTimeout;
      follow(ofAll, answeredGood, answeredBad, delay, next, 0);
      // Not answered: the same heartbeat is sent again, as often as it may be.
      const [openGood, openBad] = [share * arrivesGood - answeredGood, share * arrivesBad - answeredBad];
      if (attempt < retries) follow(ofAll, openGood, openBad, delay, -attempt * requestTimeout, attempt + 1);
      else follow(ofAll, openGood, openBad, delay, sequential ? requestTimeout + pair.heartbeat : next, 0);
    }
    const [failedGood, failedBad] = [good * model.failsGood, bad * model.failsBad];
    const failed = failedGood + failedBad;
    bad = failed * badShare + (failedBad - failed * badShare) * channel.memory(requestTimeout);
    good = failed - bad;
  }
  return {
    rate: ofAll.silent / interval(model, pair.heartbeat),
    duration: ofAll.late > 0 ? ofAll.lateBy / ofAll.late : null,
  };
}

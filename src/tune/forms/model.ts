/** Conditions made ready to calculate with: what does not depend on the pair is worked out once, not for each cell of a grid. */
import { attemptsLast, type Conditions } from '../conditions/conditions.ts';
import { channelOf, type Channel } from './channel.ts';
import { latencyOf, type Latency } from './latency.ts';
import { expectationOver, integrate, type Nodes } from './quadrature.ts';

export interface Model {
  readonly conditions: Conditions;
  readonly channel: Channel;
  readonly latency: Latency;
  readonly nodes: Nodes;
  /** For each node, P(an answer to a request that took so long comes within the request timeout). */
  readonly inTime: Float64Array;
  /** Latencies beyond this are as good as never. */
  readonly far: number;
  /** One latency in ten million is longer: for a quantile that is never. */
  readonly rare: number;
  /** P(round trip ≤ x). */
  readonly roundTripWithin: (x: number) => number;
  /** What is lost or answered too late of the attempts of a heartbeat, by the state of the channel. */
  readonly failsGood: number;
  readonly failsBad: number;
  /** Mean attempts of one heartbeat. */
  readonly attempts: number;
  /** Mean time from the first attempt of a heartbeat to its answer, or to giving up. */
  readonly requestLasts: number;
  /** Mean time from the first attempt to giving up, when every attempt fails. */
  readonly givesUpAfter: number;
}

export function modelOf(conditions: Conditions): Model {
  const channel = channelOf(conditions.loss);
  const latency = latencyOf(conditions.latency);
  const nodes = expectationOver(latency);
  const timeout = conditions.requestTimeout;
  const roundTripWithin = (x: number): number => 1 - roundTripBeyond(latency, nodes, x);
  const answered = roundTripWithin(timeout);
  const failsGood = 1 - (1 - channel.lostGood) ** 2 * answered;
  const failsBad = 1 - (1 - channel.lostBad) ** 2 * answered;
  const answeredAfter = meanRoundTrip(latency, nodes, timeout, answered);

  // Attempt by attempt: the share of heartbeats that get there, in the good and in the bad state.
  let [good, bad] = [1 - channel.badShare, channel.badShare];
  let attempts = 0;
  let requestLasts = 0;
  const memory = channel.memory(timeout);
  for (let attempt = 0; attempt <= conditions.retries; attempt++) {
    const [failedGood, failedBad] = [good * failsGood, bad * failsBad];
    const [sent, failed] = [good + bad, failedGood + failedBad];
    attempts += sent;
    requestLasts += (sent - failed) * answeredAfter + failed * timeout;
    bad = failed * channel.badShare + (failedBad - failed * channel.badShare) * memory;
    good = failed - bad;
  }
  return {
    conditions,
    channel,
    latency,
    nodes,
    inTime: nodes.at.map((delay) => (delay <= timeout ? 1 - latency.tail(timeout - delay) : 0)),
    far: latency.above(1e-18),
    rare: latency.above(1e-7),
    roundTripWithin,
    failsGood,
    failsBad,
    attempts,
    requestLasts,
    givesUpAfter: attemptsLast(conditions),
  };
}

/** The mean time between the beginnings of two heartbeats: a loop that waits for the answer adds the request. */
export function interval(model: Model, heartbeat: number): number {
  return model.conditions.loop === 'sequential' ? heartbeat + model.requestLasts : heartbeat;
}

/** P(D + D′ > x), for two latencies that know nothing of each other. */
function roundTripBeyond(latency: Latency, nodes: Nodes, x: number): number {
  // A latency that is constant has no spread to integrate over, and a sum of exactly x is not beyond it.
  if (latency.above(1e-9) === latency.mean) return 2 * latency.mean > x ? 1 : 0;
  let sum = 0;
  for (let node = 0; node < nodes.at.length; node++) {
    sum += (nodes.weight[node] ?? 0) * latency.tail(x - (nodes.at[node] ?? 0));
  }
  return Math.min(1, sum);
}

/** The mean of the round trips that come within the request timeout. */
function meanRoundTrip(latency: Latency, nodes: Nodes, timeout: number, within: number): number {
  if (within <= 0) return timeout;
  const beyond = (x: number): number => roundTripBeyond(latency, nodes, x);
  const upTo = integrate(beyond, 0, timeout, Math.max(latency.mean / 2, timeout / 4096));
  return (upTo - timeout * beyond(timeout)) / within;
}

/** The figures of a system around which things go wrong: what its policy and its clients count in. */
import type { ClientConfig } from '../../core/client.ts';
import type { Policy } from '../../core/policy.ts';
import type { Duration } from '../../core/time.ts';

export interface Figures {
  readonly heartbeat: Duration;
  readonly timeout: Duration;
  readonly requestTimeout: Duration;
  readonly stopTime: Duration;
  /** The longest a silent session keeps others waiting: timeout, sweep and grace. */
  readonly freeWithin: Duration;
  /** Each figure once, rising; without 0. */
  readonly all: readonly Duration[];
}

/** Of a policy and of the clients that run under it, whose figures may be others. */
export function figuresOf(policy: Policy, clients: readonly ClientConfig[]): Figures {
  const { heartbeat, timeout, requestTimeout, stopTime, grace, cleanUp } = policy;
  const sweep = cleanUp.type === 'swept' ? cleanUp.every : 0;
  const all = [
    heartbeat,
    timeout,
    requestTimeout,
    stopTime,
    grace.afterExpiry,
    grace.afterTakeover,
    sweep,
    policy.fence ?? 0,
    ...clients.flatMap((client) => [client.heartbeat, client.requestTimeout, client.fence ?? 0]),
  ];
  return {
    heartbeat,
    timeout,
    requestTimeout,
    stopTime,
    freeWithin: (timeout + sweep + Math.max(grace.afterExpiry, grace.afterTakeover)) as Duration,
    all: rising(all),
  };
}

/** Lengths of time at which something is likely to change: the figures, their multiples, sums and differences. From 0 rising. */
export function landmarksOf({ heartbeat, timeout, freeWithin, all }: Figures): readonly Duration[] {
  const multiples = [2, 3, 4].map((n) => n * heartbeat);
  const sums = all.flatMap((a) => [a + heartbeat, Math.abs(timeout - a), timeout + a]);
  return [0 as Duration, ...rising([...all, ...multiples, ...sums, freeWithin])];
}

function rising(lengths: readonly number[]): readonly Duration[] {
  return [...new Set(lengths)].filter((length) => length > 0).sort((a, b) => a - b) as unknown as readonly Duration[];
}

/** How rough a Script is: what minimising makes smaller. */
import type { ClientConfig } from '../../core/client.ts';
import type { Policy } from '../../core/policy.ts';
import type { Script } from '../../world/script.ts';

/**
 * Figures in order of weight: fewer steps, fewer actors, stiller surroundings, rounder times, less time, simpler actions.
 * One Script is simpler than another if the first figure in which they differ is smaller.
 */
export type Roughness = readonly number[];

export function isSimpler(a: Roughness, b: Roughness): boolean {
  for (const [index, figure] of a.entries()) {
    const other = b[index] ?? 0;
    if (figure !== other) return figure < other;
  }
  return false;
}

export function roughnessOf(script: Script, round: Rounding): Roughness {
  const { steps, cast, surroundings, until } = script;
  const { latency, storeLatency, stopTime, servers, clocks } = surroundings;
  let last = 0;
  let rough = 0;
  let total = 0;
  let detail = 0;
  for (const { at, actions } of steps) {
    // A time reads well if it is round itself, or if the wait since the step before is.
    rough += Math.min(round(at), round(at - last));
    last = at;
    for (const action of actions) {
      for (const length of lengthsIn(action)) {
        rough += round(length);
        total += length;
      }
      if ('takeOver' in action && action.takeOver) detail += 1;
      if (action.type === 'network' && action.messages !== 'both') detail += 1;
    }
  }
  const still = [latency, storeLatency, stopTime].reduce((sum, length) => sum + round(length), 0);
  const off = clocks.reduce((sum, { offset, drift }) => sum + (offset === 0 ? 0 : 1) + (drift === 0 ? 0 : 1), 0);
  return [
    steps.length,
    cast.length,
    still + (servers - 1) + 2 * clocks.length + off,
    rough,
    last + total,
    until,
    detail,
  ];
}

/** The lengths of time that an action is made of. */
function lengthsIn(action: Script['steps'][number]['actions'][number]): readonly number[] {
  const lengths: number[] = [];
  if ('lasts' in action && action.lasts !== null) lengths.push(action.lasts);
  if ('by' in action) lengths.push(Math.abs(action.by));
  if (action.type === 'network' && action.fault.type === 'slow') lengths.push(action.fault.by);
  if (action.type === 'network' && action.fault.type === 'repeated') lengths.push(action.fault.after);
  return lengths;
}

/** How much a length of time stands out in a scenario: 0 for nothing, little for the figures of the system and for round seconds. */
export type Rounding = (length: number) => number;

const MINUTE = 60_000;

export function roundingOf(policy: Policy, clients: readonly (ClientConfig | null)[]): Rounding {
  const figures = new Set(figuresIn(policy, clients));
  return (length) => {
    if (length === 0) return 0;
    if (figures.has(length)) return 1;
    if (length % policy.heartbeat === 0 || length % MINUTE === 0) return 2;
    if (length % 5_000 === 0) return 3;
    if (length % 1_000 === 0) return 4;
    if (figures.has(length + 1) || figures.has(length - 1)) return 5;
    return length % 100 === 0 ? 6 : 7;
  };
}

/** The lengths of time that the policy and the clients are made of. */
export function figuresIn(policy: Policy, clients: readonly (ClientConfig | null)[]): readonly number[] {
  const { heartbeat, timeout, requestTimeout, stopTime, grace, cleanUp, fence } = policy;
  return [
    heartbeat,
    timeout,
    requestTimeout,
    stopTime,
    grace.afterExpiry,
    grace.afterTakeover,
    ...(cleanUp.type === 'swept' ? [cleanUp.every] : []),
    ...(fence === null ? [] : [fence]),
    ...clients.flatMap((client) =>
      client === null ? [] : [client.heartbeat, client.requestTimeout, client.fence ?? client.heartbeat],
    ),
  ].filter((figure) => figure > 0);
}

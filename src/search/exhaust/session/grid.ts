/** A policy on a grid of time: every figure a whole number of units, rounded where it must be to the side that finds more. */
import type { ClientConfig } from '../../../core/client.ts';
import { atLeast, atMost } from '../../../core/drift.ts';
import { UsageError } from '../../../core/failures.ts';
import type { Policy } from '../../../core/policy.ts';
import { formatDuration, longer, milliseconds, NO_TIME, type Duration } from '../../../core/time.ts';

export interface Grid {
  readonly unit: Duration;
  readonly policy: Policy;
  readonly client: ClientConfig;
  /** The longest that a message that is late is under way, one way. Others take no time that counts. */
  readonly latency: Duration;
  /** What was rounded or left out, in sentences. */
  readonly abstracted: readonly string[];
}

/** Beyond so many units in a timeout, a search is slow for what it tells. */
const MOST_UNITS = 1000;

/** So many, in a timeout and the wait after it, are taken without being asked for. */
const MOST_BY_DEFAULT = 120;

/** Where the figures have no greater divisor, the first of these that makes few enough units, in milliseconds. */
const ROUND_UNITS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 300_000, 600_000];

/**
 * Without a `unit`, the greatest one that divides every figure but the time to stop, which is rounded up; where that is
 * very small, a coarser one. A late server and an early client find less, so what the server waits for is rounded down,
 * and what the client takes is rounded up. So is what clocks add that are not quite right: a client with a slow clock
 * works as much longer as one that takes longer to stop.
 */
export function gridOf(policy: Policy, client: ClientConfig, unit: Duration | null, latency: Duration | null): Grid {
  const divisor = divisorOf(policy, client);
  const chosen = unit ?? coarseEnough(divisor, policy);
  if (chosen <= 0 || policy.timeout < chosen || policy.timeout / chosen > MOST_UNITS) {
    throw new UsageError(
      `a unit of ${formatDuration(chosen)} does not suit a timeout of ${formatDuration(policy.timeout)}; give one that divides it into 2 to ${MOST_UNITS} parts, for example --unit 5s`,
    );
  }
  const abstracted: string[] = [];
  if (divisor % chosen !== 0) {
    abstracted.push(
      `the figures go by ${formatDuration(divisor)}, and are rounded to ${formatDuration(chosen)}: what breaks with these need not break with those; --unit ${formatDuration(divisor)} takes them as they are`,
    );
  }
  const round = (what: string, figure: Duration, way: 'up' | 'down'): Duration => {
    const units = way === 'up' ? Math.ceil(figure / chosen) : Math.floor(figure / chosen);
    const rounded = milliseconds(units * chosen);
    if (rounded !== figure) abstracted.push(`${what} ${formatDuration(figure)} counts as ${formatDuration(rounded)}`);
    return rounded;
  };
  const { cleanUp, grace } = policy;
  const apart = clocksApart(policy, client);
  if (apart > 0) {
    abstracted.push(
      `clocks are up to ${inPpm(policy.clockDrift)} off, ${formatDuration(apart)} in all, which is added to the time to stop`,
    );
  }
  const onGrid: Policy = {
    ...policy,
    heartbeat: round('heartbeat', policy.heartbeat, 'up'),
    timeout: round('timeout', policy.timeout, 'down'),
    stopTime: round('time to stop', sum(policy.stopTime, apart), 'up'),
    requestTimeout: round('request timeout', policy.requestTimeout, 'up'),
    fence: policy.fence === null ? null : round('fence', policy.fence, 'up'),
    cleanUp: cleanUp.type === 'lazy' ? cleanUp : { ...cleanUp, every: round('sweep period', cleanUp.every, 'up') },
    grace: {
      afterExpiry: round('grace after expiry', grace.afterExpiry, 'down'),
      afterTakeover: round('grace after takeover', grace.afterTakeover, 'down'),
    },
  };
  return {
    unit: chosen,
    policy: onGrid,
    client: {
      ...client,
      heartbeat: onGrid.heartbeat,
      requestTimeout: onGrid.requestTimeout,
      fence: client.fence === null ? null : onGrid.fence,
    },
    latency: round('latency', latency ?? policy.requestTimeout, 'up'),
    abstracted,
  };
}

/** The longest for which a seat stays closed once its session is over: a grace, or until the next sweep. */
export function longestWait({ grace, cleanUp }: Policy): Duration {
  return longer(longer(grace.afterExpiry, grace.afterTakeover), cleanUp.type === 'swept' ? cleanUp.every : NO_TIME);
}

/** By how much longer than it says a client can work, and by how much sooner than it says the server can let go, together. */
function clocksApart({ heartbeat, timeout, grace, clockDrift }: Policy, { fence }: ClientConfig): Duration {
  const works = fence ?? heartbeat;
  const waits = longer(timeout, grace.afterTakeover);
  return milliseconds(atMost(works, clockDrift) - works + waits - atLeast(waits, clockDrift));
}

const sum = (a: Duration, b: Duration): Duration => milliseconds(a + b);
const inPpm = (drift: number): string => `${Math.round(drift * 1e9) / 1e3} ppm`;

function coarseEnough(divisor: Duration, policy: Policy): Duration {
  const least = (policy.timeout + longestWait(policy)) / MOST_BY_DEFAULT;
  return divisor >= least ? divisor : milliseconds(ROUND_UNITS.find((each) => each >= least) ?? policy.timeout);
}

function divisorOf({ heartbeat, timeout, requestTimeout, cleanUp, grace }: Policy, { fence }: ClientConfig): Duration {
  const figures = [heartbeat, timeout, requestTimeout, fence ?? 0, grace.afterExpiry, grace.afterTakeover];
  if (cleanUp.type === 'swept') figures.push(cleanUp.every);
  return milliseconds(figures.reduce<number>(commonDivisor, 0));
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

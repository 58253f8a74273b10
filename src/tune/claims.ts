/** What S3 says of its change from 60/30 to 40/20, and what the figures say of that. */
import { formatBytes, formatNumber, formatTime } from '../core/quantity.ts';
import { s3, s3Rollback } from '../core/presets/s3.ts';
import { formatDuration, NO_TIME, seconds } from '../core/time.ts';
import type { Conditions } from './conditions/conditions.ts';
import { figuresOf, type Figures } from './forms/figures.ts';
import { modelOf } from './forms/model.ts';

export interface Claim {
  readonly claim: string;
  readonly verdict: 'true' | 'not true' | 'half true';
  /** With the figures. */
  readonly why: string;
}

export interface Claims {
  readonly before: Figures;
  readonly after: Figures;
  readonly claims: readonly Claim[];
}

/** On the given network, with the clients and the server that S3 has: what another system does says nothing of its claims. */
export function judgeClaims(given: Conditions): Claims {
  const { requestTimeout, retries } = s3;
  const conditions: Conditions = {
    ...given,
    requestTimeout,
    retries,
    loop: 'timer',
    pauses: null,
    fence: 'none',
    sweep: NO_TIME,
    grace: NO_TIME,
    callerRetry: NO_TIME,
  };
  const model = modelOf(conditions);
  const before = figuresOf(model, s3Rollback);
  const after = figuresOf(model, s3);
  const better = figuresOf(model, { heartbeat: s3.heartbeat, timeout: seconds(50) });
  return { before, after, claims: CLAIMS.map((judge) => judge({ before, after, better, conditions })) };
}

interface Case {
  readonly before: Figures;
  readonly after: Figures;
  /** With a timeout that has room for a miss. */
  readonly better: Figures;
  readonly conditions: Conditions;
}
type Judge = (figures: Case) => Claim;

const CLAIMS: readonly Judge[] = [
  ({ before, after }) => ({
    claim: 'a crash is detected in 40 s instead of 60 s, a third faster',
    verdict: near(after.detection.max / before.detection.max, 2 / 3) ? 'true' : 'not true',
    why: `at most ${formatTime(after.detection.max)} instead of ${formatTime(before.detection.max)}; on average ${formatTime(after.detection.mean)} instead of ${formatTime(before.detection.mean)}, because a crash comes in the middle of an interval`,
  }),
  ({ before, after }) => ({
    claim: 'one missed heartbeat does not end a session',
    verdict: after.missesTolerated >= 1 ? 'true' : 'not true',
    why: `with a timeout of two heartbeats the next one after a miss is due exactly at the timeout, and comes too late whenever it travels longer than the one before: a healthy session is lost ${formatNumber(after.falseExpiries)} times a device and day, and ${formatNumber(before.falseExpiries)} times with 60/30`,
  }),
  ({ before, after, better }) => ({
    claim: 'sessions may time out more often only if two heartbeats are missed',
    verdict: after.missesTolerated >= 1 ? 'true' : 'not true',
    why: `one is enough. Going back to 60/30 changes the rate to ${formatNumber(before.falseExpiries)} a day and not to none; what helps is a timeout above two heartbeats and the worst latency: with ${formatDuration(better.heartbeat)} and ${formatDuration(better.timeout)} it is ${formatNumber(better.falseExpiries)} a day`,
  }),
  ({ before, after }) => ({
    claim: 'heartbeats and writes rise by 33 %',
    verdict: near(after.writes / before.writes, 4 / 3) ? 'true' : 'not true',
    why: `an interval a third shorter is half as many heartbeats again: +${formatNumber((after.writes / before.writes - 1) * 100)} %`,
  }),
  ({ before, after, conditions: { devices, heartbeatBytes } }) => {
    const added = (after.bytes - before.bytes) / devices;
    return {
      claim: 'the network carries 5 bytes a second more for each bot',
      verdict: near(added, 5) ? 'true' : 'not true',
      why: `${formatNumber(heartbeatBytes)} bytes every 20 s instead of every 30 s are ${formatBytes(after.bytes / devices)} instead of ${formatBytes(before.bytes / devices)}: +${formatBytes(added)}`,
    };
  },
  ({ before, after, conditions }) => {
    const thousand = 1000 / conditions.devices;
    const [from, to] = [before.writes * thousand, after.writes * thousand];
    return {
      claim: '1,000 bots at once are no burden',
      // What one small server does without being noticed.
      verdict: to <= 500 ? 'true' : 'not true',
      why: `${formatNumber(to)} writes a second instead of ${formatNumber(from)}, each of one row, and ${formatBytes(after.bytes * thousand)} instead of ${formatBytes(before.bytes * thousand)}; yet these bots together lose ${formatNumber(after.falseExpiries * 1000)} healthy sessions a day`,
    };
  },
  () => ({
    claim: 'a timeout of twice the heartbeat is what the industry does',
    verdict: 'half true',
    why: 'pg-boss has 2; etcd, ZooKeeper and River have 3, Consul and the DynamoDB lock client 4 (which recommends no less than 3), solid_queue 5, client-go 7.5',
  }),
];

function near(value: number, expected: number): boolean {
  return Math.abs(value - expected) <= 0.02 * expected;
}

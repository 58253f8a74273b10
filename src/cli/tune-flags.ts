/** The flags of `seatproof tune`, read into what is asked. */
import { UsageError } from '../core/failures.ts';
import { formatNumber, formatTime } from '../core/quantity.ts';
import { formatDuration, parseDuration, type Duration } from '../core/time.ts';
import { usualWishes, readWishes } from '../tune/choose/wishes.ts';
import { attemptsFit, attemptsLast, USUAL, type Conditions, type LossSpec } from '../tune/conditions/conditions.ts';
import { readDrift, readDurations, readLoss, readPauses } from '../tune/conditions/read.ts';
import { describeLatency, readLatency } from '../tune/conditions/read-latency.ts';
import { meanLoss } from '../tune/forms/channel.ts';
import { latencyOf } from '../tune/forms/latency.ts';
import { counted } from '../report/counts.ts';
import type { Question } from '../tune/tune.ts';
import { wrongUsage } from './options.ts';

export const TUNE_REPORTERS = ['terminal', 'json', 'html'] as const;
export type TuneReporter = (typeof TUNE_REPORTERS)[number];

export interface TuneFlags {
  readonly heartbeat: string;
  readonly timeout: string;
  readonly loss?: string;
  readonly latency?: string;
  readonly drift: string;
  readonly devices: string;
  readonly sweep: string;
  readonly grace: string;
  readonly callerRetry: string;
  readonly requestTimeout: string;
  readonly retries: string;
  readonly stopTime: string;
  readonly loop: 'timer' | 'sequential';
  readonly pauses: string;
  readonly fence: string;
  readonly heartbeatBytes: string;
  readonly want?: string;
  readonly observed?: string;
  readonly query?: string;
  readonly simulate: Question['simulate'];
  readonly spotChecks: string;
  readonly heartbeats: string;
  readonly workers?: string;
  readonly seed?: number;
  readonly reporter: readonly TuneReporter[];
  readonly claims?: true;
  readonly json?: true;
  readonly out: string;
  readonly color: boolean;
}

/** In how many steps a range is cut that says none. */
const HEARTBEAT_PARTS = 12;
const TIMEOUT_PARTS = 36;
/** Fewer expected expiries than this are not counted but reached by splitting. */
const RARE_BELOW = 50;

/** `fitted` is what a deployment was observed to have; what a flag says goes before it. Await `ready` before. */
export function readConditions(flags: TuneFlags, fitted: Partial<Pick<Conditions, 'loss' | 'latency'>>): Conditions {
  return {
    loss: flags.loss === undefined ? (fitted.loss ?? USUAL.loss) : readLoss(flags.loss),
    latency: flags.latency === undefined ? (fitted.latency ?? USUAL.latency) : readLatency(flags.latency, '--latency'),
    drift: readDrift(flags.drift),
    devices: readCount(flags.devices, '--devices', 1, 1e9),
    sweep: readDuration(flags.sweep, '--sweep'),
    grace: readDuration(flags.grace, '--grace'),
    callerRetry: readDuration(flags.callerRetry, '--caller-retry'),
    requestTimeout: above0(readDuration(flags.requestTimeout, '--request-timeout'), '--request-timeout'),
    retries: readCount(flags.retries, '--retries', 0, 20),
    stopTime: readDuration(flags.stopTime, '--stop-time'),
    loop: flags.loop,
    pauses: readPauses(flags.pauses),
    fence:
      flags.fence === 'auto' || flags.fence === 'none'
        ? flags.fence
        : above0(readDuration(flags.fence, '--fence'), '--fence'),
    heartbeatBytes: readCount(flags.heartbeatBytes, '--heartbeat-bytes', 0, 1e9),
  };
}

export function readQuestion(flags: TuneFlags, conditions: Conditions, seed: number): Question {
  const heartbeats = readDurations(flags.heartbeat, '--heartbeat', HEARTBEAT_PARTS);
  const timeouts = readDurations(flags.timeout, '--timeout', TIMEOUT_PARTS);
  rejectEmptyGrid(heartbeats, timeouts, conditions);
  rejectSlowNetwork(timeouts, conditions);
  const spotChecks = readCount(flags.spotChecks, '--spot-checks', 0, 100);
  return {
    heartbeats,
    timeouts,
    conditions,
    wishes: readWishes(flags.want ?? usualWishes(conditions.devices)),
    simulate: flags.simulate,
    spotChecks: flags.simulate === 'none' ? 0 : spotChecks,
    plan: { seed, heartbeats: readCount(flags.heartbeats, '--heartbeats', 10_000, 1e10), rareBelow: RARE_BELOW },
  };
}

export function readWorkers(flags: TuneFlags): number | undefined {
  return flags.workers === undefined ? undefined : readCount(flags.workers, '--workers', 1, 256);
}

function rejectEmptyGrid(heartbeats: readonly Duration[], timeouts: readonly Duration[], conditions: Conditions): void {
  const [shortest, longest] = [heartbeats[0] as Duration, timeouts.at(-1) as Duration];
  if (longest <= shortest) {
    throw wrongUsage(
      `--timeout ${formatDuration(longest)} is not above --heartbeat ${formatDuration(shortest)}: every session would expire between two heartbeats`,
      'seatproof tune --heartbeat 5s..30s --timeout 20s..120s',
    );
  }
  const fits = (heartbeat: Duration): boolean => attemptsFit({ heartbeat, timeout: longest }, conditions);
  if (!heartbeats.some((heartbeat) => heartbeat < longest && fits(heartbeat))) {
    throw wrongUsage(
      `${attemptsText(conditions)} ${formatDuration(attemptsLast(conditions))}, longer than every heartbeat interval`,
      'seatproof tune --heartbeat 20s..60s --retries 2 --request-timeout 2s',
    );
  }
}

/** Heartbeats then arrive as if at random, whatever their interval, and nothing that is chosen here would matter. */
function rejectSlowNetwork(timeouts: readonly Duration[], conditions: Conditions): void {
  const [longest, { mean }] = [timeouts.at(-1) as Duration, latencyOf(conditions.latency)];
  if (mean <= longest) return;
  throw wrongUsage(
    `--latency is ${formatTime(mean)} on average, longer than every timeout (${formatDuration(longest)} at most): no heartbeat would be in time`,
    `seatproof tune --latency 'lognormal(p50=80ms, p99=900ms)' --timeout 20s..120s`,
  );
}

function attemptsText({ retries, requestTimeout }: Conditions): string {
  if (retries === 0) return '--request-timeout waits for an answer for';
  return `${retries + 1} attempts of ${formatDuration(requestTimeout)} take`;
}

/** What is assumed, for people. */
export function describeConditions(conditions: Conditions): readonly (readonly [string, string])[] {
  const { latency, drift, devices, loop, retries, requestTimeout, stopTime, fence, sweep, grace, callerRetry, pauses } =
    conditions;
  const attempts = retries === 0 ? 'no retry' : `${retries} ${retries === 1 ? 'retry' : 'retries'}`;
  const fenceText =
    fence === 'auto' ? 'the longest safe fence' : fence === 'none' ? 'no fence' : `a fence of ${formatDuration(fence)}`;
  return [
    [
      'network',
      `${describeLoss(conditions.loss)}; latency one way ${describeLatency(latency)}; clocks up to ${formatNumber(drift * 1e6)} ppm off`,
    ],
    [
      'clients',
      `${counted(devices, 'device')}, ${loop === 'timer' ? 'by timer' : 'in a loop that waits for the answer'}; request timeout ${formatDuration(requestTimeout)}, ${attempts}; ${formatDuration(stopTime)} to stop; ${fenceText}${pauses === null ? '' : `; pauses every ${formatTime(pauses.every)}, ${describeLatency(pauses.length)}`}`,
    ],
    [
      'server',
      `${sweep === 0 ? 'the next start sees an expiry' : `swept every ${formatDuration(sweep)}`}${grace === 0 ? '' : `; grace ${formatDuration(grace)}`}${callerRetry === 0 ? '' : `; a refused user tries every ${formatDuration(callerRetry)}`}`,
    ],
  ];
}

function describeLoss(loss: LossSpec): string {
  if (loss.type === 'independent') return `${formatNumber(loss.share * 100)} % lost`;
  return (
    `${formatNumber(meanLoss(loss) * 100)} % lost in bursts (${formatNumber(loss.good * 100)} % for ${formatTime(loss.goodFor)}, ` +
    `then ${formatNumber(loss.bad * 100)} % for ${formatTime(loss.badFor)})`
  );
}

function readDuration(text: string, flag: string): Duration {
  try {
    return parseDuration(text);
  } catch {
    throw wrongUsage(
      `${flag}: '${text}' is not a duration; write a number and a unit (ms, s, m or h)`,
      `seatproof tune ${flag} 5s`,
    );
  }
}

function above0(duration: Duration, flag: string): Duration {
  if (duration > 0) return duration;
  throw wrongUsage(`${flag} must be above zero`, `seatproof tune ${flag} 5s`);
}

function readCount(text: string, flag: string, least: number, most: number): number {
  const count = /^\d+(e\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isInteger(count) && count >= least && count <= most) return count;
  throw new UsageError(
    `${flag}: '${text}' is no whole number from ${least} to ${most}\ntry: seatproof tune ${flag} ${Math.max(least, 2)}`,
  );
}

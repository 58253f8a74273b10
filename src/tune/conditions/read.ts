/** Reads what people write of a network: shares, distributions, channels, pauses, ranges of durations. Everything else is a `UsageError`. */
import { UsageError } from '../../core/failures.ts';
import { formatNumber } from '../../core/quantity.ts';
import { parseDuration, type Duration } from '../../core/time.ts';
import type { LossSpec, PauseSpec } from './conditions.ts';
import { meanLoss } from '../forms/channel.ts';
import { latencyOf } from '../forms/latency.ts';
import { readLatency } from './read-latency.ts';
import { readCall } from './read-call.ts';

/** `1%`, `0.01`. */
function readShare(text: string, what: string, example: string): number {
  const match = /^(\d+(?:\.\d+)?(?:e-?\d+)?)(%?)$/.exec(text.trim());
  if (match === null) throw new UsageError(`${what}: '${text}' is no share; write ${example}`);
  return Number(match[1]) / (match[2] === '%' ? 100 : 1);
}

/** Below 100 %, because of a network that loses everything nothing can be said; `whole` allows that for a while. */
function readLost(text: string, what: string, whole = false): number {
  const share = readShare(text, what, '1% or 0.01');
  if (whole ? share > 1 : share >= 1) {
    const why = text.includes('%') ? '' : ' (1 is 100 %; one in a hundred is 1%)';
    throw new UsageError(
      `${what}: ${text} means that every message is lost${why}; write a share below 100 %, for example 1%`,
    );
  }
  return share;
}

/** With more than this lost no session lives long enough to be lost. */
const MOST_LOST = 0.9;

/** `1%`, or `bursty(good=0.1%, bad=50%, good-for=10m, bad-for=12s)`. */
export function readLoss(text: string): LossSpec {
  if (/^[\d.]/.test(text.trim())) return livable({ type: 'independent', share: readLost(text, '--loss') });
  const call = readCall(text, '--loss', ['bursty'], "1% or 'bursty(good=0.1%, bad=50%, good-for=10m, bad-for=12s)'");
  const loss = {
    type: 'gilbert-elliott',
    good: call.has('good') ? readLost(call.text('good'), '--loss: good') : 0,
    bad: readLost(call.text('bad'), '--loss: bad', true),
    goodFor: call.positive('good-for'),
    badFor: call.positive('bad-for'),
  } as const;
  call.done();
  if (loss.good > loss.bad) {
    throw new UsageError(
      `--loss: the good state loses more than the bad one (${loss.good} > ${loss.bad}); exchange them`,
    );
  }
  return livable(loss);
}

function livable(loss: LossSpec): LossSpec {
  if (meanLoss(loss) <= MOST_LOST) return loss;
  throw new UsageError(
    `--loss: ${formatNumber(meanLoss(loss) * 100)} % of the messages would be lost, and no session lives long enough to be lost by mistake; write no more than ${MOST_LOST * 100} %`,
  );
}

/** `pauses(every=1h, length=lognormal(p50=2s, p99=30s))`, or `none`. */
export function readPauses(text: string): PauseSpec | null {
  if (text.trim() === 'none') return null;
  const call = readCall(text, '--pauses', ['pauses'], "'pauses(every=1h, length=lognormal(p50=2s, p99=30s))'");
  const pauses = { every: call.positive('every'), length: readLatency(call.text('length'), '--pauses: length') };
  call.done();
  if (latencyOf(pauses.length).mean >= pauses.every) {
    throw new UsageError(
      `--pauses: they last longer than the time from one to the next; write a longer every or a shorter length`,
    );
  }
  return pauses;
}

/** `200ppm`, `0.02%`, `0.0002`. */
export function readDrift(text: string): number {
  const ppm = /^(\d+(?:\.\d+)?)ppm$/.exec(text.trim());
  const drift = ppm === null ? readShare(text, '--drift', '200ppm, 0.02% or 0.0002') : Number(ppm[1]) / 1e6;
  if (drift > 0.1) {
    throw new UsageError(
      `--drift: a clock that is ${text} off is no clock; write for example 200ppm, which is 17 s a day`,
    );
  }
  return drift;
}

/** More pairs than this would be no table any more. */
const MOST_VALUES = 200;

/**
 * `20s`, `10s,20s,30s`, `5s..60s`, `5s..60s/5s`. Without a step a range is cut at round values: at most `parts` of them.
 * The values rise.
 */
export function readDurations(text: string, flag: string, parts: number): readonly Duration[] {
  const example = `for example ${flag} 20s, ${flag} 10s,20s,30s or ${flag} 5s..60s/5s`;
  const values = text.split(',').flatMap((each) => {
    const range = /^(.+?)\.\.(.+?)(?:\/(.+))?$/.exec(each.trim());
    if (range === null) return [durationOf(each.trim(), flag)];
    const [low, high] = [durationOf(range[1] ?? '', flag), durationOf(range[2] ?? '', flag)];
    if (low > high) {
      throw new UsageError(
        `${flag}: the range ${each.trim()} ends before it begins; write ${range[2] ?? ''}..${range[1] ?? ''}`,
      );
    }
    const step = range[3] === undefined ? roundStep(high - low, parts) : durationOf(range[3], flag);
    if ((high - low) / step > MOST_VALUES) {
      throw new UsageError(
        `${flag}: ${each.trim()} has more than ${MOST_VALUES} values; write a longer step, ${example}`,
      );
    }
    const within: Duration[] = [];
    for (let value: number = low; value <= high; value += step) within.push(value as Duration);
    if (within.at(-1) !== high) within.push(high);
    return within;
  });
  if (values.length > MOST_VALUES) {
    throw new UsageError(`${flag}: ${values.length} values are more than ${MOST_VALUES}; write fewer, ${example}`);
  }
  return [...new Set(values)].toSorted((a, b) => a - b);
}

function durationOf(text: string, flag: string): Duration {
  try {
    const duration = parseDuration(text);
    if (duration > 0) return duration;
  } catch {
    throw new UsageError(
      `${flag}: '${text}' is not a duration; write a number and a unit (ms, s, m or h), for example ${flag} 20s`,
    );
  }
  throw new UsageError(`${flag}: ${text} is no interval; write a duration above zero, for example ${flag} 20s`);
}

/** The shortest of 1, 2, 5 times a power of ten milliseconds with which the width has no more than `parts` steps. */
function roundStep(width: number, parts: number): number {
  for (let power = 1; ; power *= 10) {
    for (const digit of [1, 2, 5]) if (width / (digit * power) <= parts) return digit * power;
  }
}

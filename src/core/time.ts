/** Time as data: milliseconds with a brand, and the text that people write for them. */
import { UsageError } from './failures.ts';

/** Milliseconds since the beginning of the run, on the clock that the name of the field or parameter tells. */
export type Instant = number & { readonly __instant: never };

/** A length of time in milliseconds. */
export type Duration = number & { readonly __duration: never };

/** A duration as people write it: `250ms`, `20s`, `59.999s`, `5m`, `2h`. */
export type DurationText = `${number}${'ms' | 's' | 'm' | 'h'}`;

/** The date that the virtual clock shows at the beginning of a run: 2000-01-01 00:00 UTC, in milliseconds since 1970. */
export const EPOCH = 946_684_800_000;

export const START: Instant = 0 as Instant;
export const NO_TIME: Duration = 0 as Duration;

export const milliseconds = (n: number): Duration => wholeMilliseconds(n, `${n}ms`);
export const seconds = (n: number): Duration => wholeMilliseconds(n * 1000, `${n}s`);
export const minutes = (n: number): Duration => wholeMilliseconds(n * 60_000, `${n}m`);

/** The instant `ms` milliseconds after the beginning of the run. Throws `UsageError` when that is no whole number of milliseconds. */
export const instant = (ms: number): Instant => wholeMilliseconds(ms, `${ms}ms`) as number as Instant;

export const after = (from: Instant, duration: Duration): Instant => (from + duration) as Instant;
export const between = (from: Instant, to: Instant): Duration => (to - from) as Duration;
export const longer = (a: Duration, b: Duration): Duration => (a > b ? a : b);
export const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);
export const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const PATTERN = /^(\d+)(?:\.(\d+))?(ms|s|m|h)$/;

/** Reads `20s`, `59.999s`, `5m`, `1ms`. Throws `UsageError` for anything else: no unit, a sign, a fraction of a millisecond. */
export function parseDuration(text: string): Duration {
  const match = PATTERN.exec(text);
  if (match === null) {
    throw new UsageError(
      `'${text}' is not a duration: write a number that is not negative and a unit (ms, s, m or h), for example '20s'`,
    );
  }
  const [, whole = '', fraction = '', unit = ''] = match;
  // In whole numbers, because 59.999 * 1000 is not 59999 in binary fractions.
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * BigInt(UNITS[unit as keyof typeof UNITS]);
  return wholeMilliseconds(scaled % scale === 0n ? Number(scaled / scale) : Number.NaN, text);
}

/** The shortest text that `parseDuration` reads back: `1ms`, `59.999s`, `5m`. Minutes and hours only when whole. */
export function formatDuration(duration: Duration): DurationText {
  if (duration !== 0 && duration % UNITS.h === 0) return `${duration / UNITS.h}h`;
  if (duration !== 0 && duration % UNITS.m === 0) return `${duration / UNITS.m}m`;
  if (duration !== 0 && duration < UNITS.s) return `${duration}ms`;
  return secondsText(duration) as DurationText;
}

/** An instant as seconds from the beginning of the run, the way timelines show it: `61.3s`. */
export function formatInstant(at: Instant): string {
  return secondsText(at);
}

/** Whole seconds, rounded up: who waits that long has waited long enough. */
export function wholeSecondsUp(duration: Duration): number {
  return Math.ceil(duration / UNITS.s);
}

/** From whole numbers too: the fraction has no more digits than there are. */
function secondsText(ms: number): string {
  // A clock that was set back may show a time before the beginning.
  if (ms < 0) return `-${secondsText(-ms)}`;
  const fraction = String(ms % UNITS.s)
    .padStart(3, '0')
    .replace(/0+$/, '');
  const whole = Math.floor(ms / UNITS.s);
  return fraction === '' ? `${whole}s` : `${whole}.${fraction}s`;
}

function wholeMilliseconds(ms: number, text: string): Duration {
  if (!Number.isSafeInteger(ms) || ms < 0) {
    throw new UsageError(
      `${text} is not a time Seatproof can count: use whole milliseconds from 0 up, for example '20s'`,
    );
  }
  return ms as Duration;
}

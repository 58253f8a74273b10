/** Clocks that do not show true time, as they are written: `{ offset: '-1h', drift: '200ppm' }`. */
import { UsageError } from '../../core/failures.ts';
import type { DurationText } from '../../core/time.ts';
import type { Clock, ClockName } from '../../history/history.ts';
import { onlyKnown } from './known.ts';
import { callerPlace, readDuration } from './place.ts';

/** Forward, or back: `1h`, `-1h`. */
export type ShiftText = DurationText | `-${DurationText}`;

/** Parts per million: `200ppm`, `-50ppm`. */
export type DriftText = `${number}ppm`;

export interface ClockText {
  /** How far it is ahead at the beginning; behind with a minus. */
  readonly offset?: ShiftText;
  /** How much faster than true time it runs; slower with a minus. */
  readonly drift?: DriftText;
}

export const CLOCK_FIELDS = ['offset', 'drift'];

const CLOCK_NAME = /^(device .+|server [1-9]\d*|store)$/s;

/** A clock runs, whatever its drift: at a million it would stand still. */
const LARGEST_DRIFT = 500_000;

/** A clock as it is off from the beginning. */
export function readClock(text: ClockText): Omit<Clock, 'clock'> {
  onlyKnown('a clock', text, CLOCK_FIELDS);
  return {
    offset: text.offset === undefined ? 0 : readShift(text.offset),
    drift: text.drift === undefined ? 0 : readDrift(text.drift),
  };
}

/** Milliseconds, negative for back. */
export function readShift(text: string): number {
  const back = typeof text === 'string' && text.startsWith('-');
  const size = readDuration(back ? text.slice(1) : text);
  return back ? 0 - size : size;
}

/** The name of a clock, as it is written in text. */
export function readClockName(text: string): ClockName {
  if (CLOCK_NAME.test(text)) return text as ClockName;
  throw new UsageError(
    `there is no clock '${text}'; write 'store', 'server 1', or 'device laptop' with the name of a machine`,
    callerPlace(),
  );
}

function readDrift(text: string): number {
  const drift = /^-?\d+(\.\d+)?(e-?\d+)?ppm$/.test(text) ? Number(text.slice(0, -3)) : Number.NaN;
  if (Math.abs(drift) <= LARGEST_DRIFT) return drift;
  throw new UsageError(
    `'${text}' is not a drift; write parts per million, at most ${LARGEST_DRIFT}, for example drift: '200ppm' or '-200ppm'`,
    callerPlace(),
  );
}

/** How long a span really is when a clock that is not quite right has counted it. */
import { milliseconds, type Duration } from './time.ts';

/** What is left of a division is no millisecond. */
const ROUNDING = 1e-6;

/** The longest that `counted` can be on a clock that is off by at most `drift`, a fraction: the clock is slow. True time. */
export function atMost(counted: Duration, drift: number): Duration {
  return milliseconds(Math.ceil(counted / (1 - drift) - ROUNDING));
}

/** The shortest that `counted` can be: the clock is fast. True time. */
export function atLeast(counted: Duration, drift: number): Duration {
  return milliseconds(Math.floor(counted / (1 + drift) + ROUNDING));
}

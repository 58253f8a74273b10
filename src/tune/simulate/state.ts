/** The state of a session: numbers in one array, so that it can be kept and taken up again. */

/** Places in the state. The rest holds the arrivals that are still to come, as many as `PENDING` says. */
export const NOW = 0;
export const LATEST = 1;
export const BAD = 2;
/** When the channel turns next, and when it was last asked. */
export const TURNS_AT = 3;
export const TRIED_AT = 4;
export const ACKNOWLEDGED = 5;
export const CRASH = 6;
/** When the first attempt of the current heartbeat was made, and how many were made after it. */
export const BEGUN = 7;
export const RETRIED = 8;
/** When a pause began, and zero for none or one more than the stretches that it has outlasted. */
export const PAUSED_AT = 9;
export const PAUSED = 10;
export const PENDING = 11;
export const FIRST = 12;
/** When the server had its last heartbeat, and how long ago that is when the next is sent. */
export function latestOf(state: Float64Array): number {
  return state[LATEST] ?? 0;
}

export function ageOf(state: Float64Array): number {
  return (state[NOW] ?? 0) - latestOf(state);
}

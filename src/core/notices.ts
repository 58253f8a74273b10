/** What a user reads: who has the license and how long it may take, in plain words and with the seconds that are really left. */
import type { Gone, RefusalReason } from './reply.ts';
import { wholeSecondsUp, type Duration } from './time.ts';

/**
 * The text for a refused start. The wait is stated as a condition where it depends on the holder staying silent: while
 * the other instance runs, every heartbeat of its moves the moment on.
 */
export function refusalNotice(reason: RefusalReason, retryAfter: Duration, mayTakeOver: boolean): string {
  const wait = inSeconds(retryAfter);
  switch (reason) {
    case 'same-device':
      return `Already running on this device. Close the other instance and start again; if it is no longer running, you can start again ${wait}.`;
    case 'other-device':
      return (
        `License in use on another device. Close it there and start again; if that device has stopped responding, the license becomes available ${wait}.` +
        (mayTakeOver ? ' You can also end that session and continue here.' : '')
      );
    case 'grace':
      return `The last session on another device is still closing. You can start ${wait}.`;
  }
}

/** The text for a granted start that ended a live session; null where there is nothing to tell. */
export function replacementNotice(replaced: 'this-device' | 'another-device'): string {
  return replaced === 'this-device'
    ? 'The earlier session on this device has been ended.'
    : 'The previous session on another device has been ended.';
}

/** The text for a license that nobody holds. */
export function availableNotice(retryAfter: Duration): string {
  return retryAfter === 0 ? 'The license is available. You can start now.' : refusalNotice('grace', retryAfter, false);
}

/** The text for a session that is over although its user did not stop it. */
export function goneNotice(why: Gone['why']): string {
  switch (why) {
    case 'replaced':
      return 'Your session was ended because the license is now used on another device.';
    case 'expired':
      return 'Your session expired because the license server did not hear from this device in time. Start again.';
    case 'ended':
      return 'Your session has been ended. Start again.';
    case 'unknown':
      return 'The license server does not know your session. Start again.';
  }
}

/** The text for a license that was never sold, or is misspelt. */
export const UNKNOWN_LICENSE_NOTICE = 'The license server does not know this license. Check the license key.';

/** The text for work that rests because the server has not been heard of for too long. */
export const FENCE_NOTICE = 'The license server has not answered for a while, so work is paused until it does.';

/** The text for a start that nobody answered. */
export const UNREACHABLE_NOTICE = 'The license server cannot be reached. Try again in a moment.';

function inSeconds(duration: Duration): string {
  const n = wholeSecondsUp(duration);
  if (n === 0) return 'now';
  return n === 1 ? 'in 1 second' : `in ${n} seconds`;
}

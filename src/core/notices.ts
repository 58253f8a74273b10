/** What a user reads: who has the license and how long it may take, in plain words and with the seconds that are really left. */
import type { Gone } from './reply.ts';
import { wholeSecondsUp, type Duration } from './time.ts';

/**
 * The text for a start that was refused because a session has the license. The wait is stated as a condition, because it
 * depends on the holder staying silent: while the other instance runs, every heartbeat of its moves the moment on.
 */
export function refusalNotice(
  reason: 'same-device' | 'other-device',
  retryAfter: Duration,
  mayTakeOver: boolean,
): string {
  const wait = inSeconds(retryAfter);
  switch (reason) {
    case 'same-device':
      return `Already running on this device. Close the other instance and start again; if it is no longer running, you can start again ${wait}.`;
    case 'other-device':
      return (
        `License in use on another device. Close it there and start again; if that device has stopped responding, the license becomes available ${wait}.` +
        (mayTakeOver ? ' You can also end that session and continue here.' : '')
      );
  }
}

/** Whose session it is that is still closing, for whoever reads of it: who asks for a status has not said who they are. */
export type Closing = 'this-device' | 'another-device' | 'a-device';

/**
 * The text for a license that nobody has and that is kept free for a while. `mayReturn` says whether that session, or
 * another one of its device, may get it back before: then the wait depends on its silence, and is stated as a condition.
 */
export function graceNotice(closing: Closing, retryAfter: Duration, mayReturn: boolean): string {
  const becomesAvailable = `the license becomes available ${inSeconds(retryAfter)}.`;
  switch (closing) {
    case 'this-device':
      return mayReturn
        ? `The last session on this device is still closing. If its program is no longer running, ${becomesAvailable}`
        : `The last session on this device is still closing; ${becomesAvailable}`;
    case 'another-device':
      return mayReturn
        ? `The last session on another device is still closing. If that device stays silent, ${becomesAvailable}`
        : `The last session on another device is still closing; ${becomesAvailable}`;
    case 'a-device':
      return mayReturn
        ? `The last session is still closing. If its device stays silent, ${becomesAvailable}`
        : `The last session is still closing; ${becomesAvailable}`;
  }
}

/** The text for a granted start that ended a live session; null where there is nothing to tell. */
export function replacementNotice(replaced: 'this-device' | 'another-device'): string {
  return replaced === 'this-device'
    ? 'The earlier session on this device has been ended.'
    : 'The previous session on another device has been ended.';
}

/** The text for a license that nobody has: no wait after a clean release, what is left of a grace otherwise. */
export function idleNotice(retryAfter: Duration, mayReturn: boolean): string {
  return retryAfter === 0
    ? 'The license is available. You can start now.'
    : graceNotice('a-device', retryAfter, mayReturn);
}

/** The text for a session that is over although its user did not stop it. */
export function goneNotice(why: Gone['why']): string {
  switch (why) {
    case undefined:
      return 'Your session is over. Start again.';
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

/** P15: an announced wait is the wait until the seat is free. */
import { wholeSecondsUp, type Duration, after } from '../core/time.ts';
import { freeBy, staysClosed, type Bounds } from './bounds.ts';
import type { AnnouncedWait } from './ledger.ts';
import { hasCleared } from './clean-up.ts';
import { broken, KEPT, untold, type CallMoment, type Rule, type Sighting } from './rule.ts';

export const HONEST_WAIT: Rule = {
  code: 'P15',
  name: 'honest wait',
  kind: 'liveness',
  needs: { told: 'how long to wait' },
  statement:
    'a retry at the announced wait succeeds if the holder stayed silent; after a clean release the wait is 0, unless the session had replaced another of its device',
  onCall,
};

function onCall(moment: CallMoment): Sighting | null {
  const { reply } = moment.operation.answer;
  const released = moment.before.tenure?.standing.type === 'released';
  const empty = moment.before.tenure === null;
  const broke = wrongText(moment) ?? afterRelease(moment) ?? tooLong(moment) ?? tooShort(moment);
  if (broke !== null) return broke;
  if ((reply.type === 'refused' || reply.type === 'idle') && reply.retryAfter === undefined) {
    return untold('how long to wait');
  }
  // Put to the test by a start to which a wait had been announced, and wherever the wait has to be 0.
  const asked = reply.type === 'granted' || reply.type === 'idle';
  if (asked && (released || (empty && reply.type === 'idle'))) return KEPT;
  return reply.type === 'granted' && dueWait(moment) !== null ? KEPT : null;
}

/** Numbers of seconds in the notice, none of which is the announced wait. */
function wrongText(moment: CallMoment): Sighting | null {
  const { reply } = moment.operation.answer;
  if (reply.type !== 'refused' || reply.retryAfter === undefined || reply.notice === undefined) return null;
  const { retryAfter } = reply;
  const due = wholeSecondsUp(retryAfter);
  const named = [...reply.notice.matchAll(WAIT_IN_TEXT)].map(([, m = '0', s]) => 60 * Number(m) + Number(s));
  const [wrong] = named;
  // A notice may name other figures as well, such as the timeout.
  if (wrong === undefined || named.includes(due)) return null;
  return broken(moment, () => ({
    message: `${moment.tell.caller(moment.operation)} was shown a wait of ${wrong} seconds beside an announced wait of ${moment.tell.duration(retryAfter)}`,
    why: `rounded up to seconds, the announced wait is ${due}`,
    ...(wrong === Math.floor(retryAfter / 1000)
      ? { cause: 'notice-rounds-down', fix: 'round the wait in the notice up to whole seconds, not down' }
      : { cause: 'notice-differs', fix: 'make the notice from the announced wait, in the same request' }),
  }));
}

/** `25 seconds`, `1 minute 30 s`. */
const WAIT_IN_TEXT = /(?:(\d+)\s*(?:m|mins?|minutes?)\b[\s,]*(?:and\s+)?)?(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)\b/gi;

function afterRelease(moment: CallMoment): Sighting | null {
  const { operation, before, scope, tell } = moment;
  const wait = announced(moment);
  const { tenure } = before;
  if (wait === null || wait === 0) return null;
  if (tenure === null) {
    return broken(moment, () => ({
      cause: 'wait-for-a-free-seat',
      message: `${tell.caller(operation)} was told to wait ${tell.duration(wait)} for ${tell.scope(scope)}, which no session had held`,
      why: 'no start had been granted the seat',
      fix: 'announce a wait of 0 where the seat has no row of a session',
    }));
  }
  const { standing } = tenure;
  if (standing.type !== 'released' || staysClosed(tenure, operation)) return null;
  return broken(moment, () => ({
    cause: 'wait-after-release',
    message: `${tell.caller(operation)} was told to wait ${tell.duration(wait)} after a clean release`,
    why: `${tell.tenure(tenure)} was ended at ${tell.instant(standing.at)}`,
    fix: 'announce a wait of 0 where the last session was ended, and grant the next start at once',
    calls: [standing.call],
  }));
}

/** A wait beyond the instant from which the seat is free by the policy. */
function tooLong(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell } = moment;
  const wait = announced(moment);
  const { tenure } = before;
  const blocking = moment.after.tenure;
  if (wait === null || wait === 0 || tenure === null || blocking === null) return null;
  if (tenure.standing.type === 'released' && !staysClosed(tenure, operation)) return null;
  const { storeTime, slack } = operation.answer;
  const free = freeBy(blocking, bounds);
  // A job that is late may be announced for one more period; by how much it is late is not known.
  const late =
    bounds.swept && storeTime >= after(tenure.sign.earliest, bounds.boundary) && !hasCleared(tenure, before, bounds);
  // A wait in whole seconds may have been rounded up.
  const rounded = wait % 1000 === 0 ? 999 : 0;
  if (late || storeTime - slack + wait - rounded <= free) return null;
  return broken(moment, () => ({
    message: `${tell.caller(operation)} was told to wait ${tell.duration(wait)} at ${tell.instant(storeTime)}, longer than the policy keeps the seat closed`,
    why: `${tenure.standing.type === 'released' ? `${tell.tenure(tenure)} was ended at ${tell.instant(tenure.standing.at)}` : tell.lastRequest(tenure)}, so the seat is free by ${tell.instant(free)}`,
    ...(tenure.standing.type === 'released'
      ? {
          cause: 'grace-overstated',
          fix: 'announce what is left of the grace after the takeover, counted from that takeover',
        }
      : wait === bounds.timeout
        ? {
            cause: 'whole-timeout-announced',
            fix: 'announce the time that is left of the timeout, not the whole of it',
          }
        : {
            cause: 'wait-too-long',
            fix: `count the announced wait from the last heartbeat of the holder: ${partsOf(bounds)}, less its age`,
          }),
    calls: [tenure.sign.call],
  }));
}

/** A retry after the announced wait that did not succeed. */
function tooShort(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell } = moment;
  const { command, answer } = operation;
  const { reply } = answer;
  const due = dueWait(moment);
  if (due === null || command.type !== 'start') return null;
  if (reply.type !== 'refused' && (reply.type !== 'failed' || operation.disturbed)) return null;
  const { tenure } = before;
  if (tenure !== null && !hasCleared(tenure, before, bounds)) return null;
  return broken(moment, () => ({
    message: `${tell.caller(operation)} came back at ${tell.instant(answer.storeTime)}, when the announced wait was over, and ${reply.type === 'failed' ? 'the start failed' : 'was refused again'}`,
    why: `the announced wait ended at ${tell.instant(due.until)}, and the holder sent no request since that was acknowledged`,
    ...(reply.type === 'failed'
      ? {
          cause: 'retry-failed',
          fix: 'handle the error of the start, so that a retry at the announced wait is granted',
        }
      : {
          cause: 'wait-too-short',
          fix: `announce the wait until the seat is free: ${partsOf(bounds)}, less the age of the holder`,
        }),
    calls: [due.call],
  }));
}

/** What a wait consists of under the policy. */
function partsOf({ sweep, graceAfterExpiry }: Bounds): string {
  const parts = ['the timeout'];
  if (sweep > 0) parts.push('the clean-up period');
  if (graceAfterExpiry > 0) parts.push('the grace');
  return parts.join(' + ');
}

/** The wait that was announced to the device of a start and that is over. */
function dueWait({ operation, before }: CallMoment): AnnouncedWait | null {
  const { command, answer } = operation;
  if (command.type !== 'start') return null;
  const wait = before.waits.find(({ device }) => device === command.device);
  return wait !== undefined && answer.storeTime - answer.slack >= wait.until ? wait : null;
}

function announced({ operation }: CallMoment): Duration | null {
  const { reply } = operation.answer;
  return reply.type === 'refused' || reply.type === 'idle' ? (reply.retryAfter ?? null) : null;
}

/** P15: a wait that is announced is the wait there is. */
import { wholeSecondsUp, type Duration, after } from '../core/time.ts';
import { freeBy, staysClosed } from './bounds.ts';
import type { AnnouncedWait } from './ledger.ts';
import { hasCleared } from './lock-out.ts';
import { broken, KEPT, untold, type CallMoment, type Rule, type Sighting } from './rule.ts';

export const HONEST_WAIT: Rule = {
  code: 'P15',
  name: 'honest wait',
  kind: 'liveness',
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
  // Put to the test by a start that had been told when to come, and wherever the wait has to be 0.
  const asked = reply.type === 'granted' || reply.type === 'idle';
  if (asked && (released || (empty && reply.type === 'idle'))) return KEPT;
  return reply.type === 'granted' && dueWait(moment) !== null ? KEPT : null;
}

/** A number of seconds in the notice that is not the number of seconds announced. */
function wrongText(moment: CallMoment): Sighting | null {
  const { reply } = moment.operation.answer;
  if (reply.type !== 'refused' || reply.retryAfter === undefined || reply.notice === undefined) return null;
  const { retryAfter } = reply;
  const due = wholeSecondsUp(retryAfter);
  const named = [...reply.notice.matchAll(/(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)\b/gi)].map(([, n]) => Number(n));
  const wrong = named.find((n) => n !== due);
  if (wrong === undefined) return null;
  return broken(moment, () => ({
    message: `${moment.tell.caller(moment.operation)} was shown a wait of ${wrong} seconds beside an announced wait of ${moment.tell.duration(retryAfter)}`,
    why: `rounded up to seconds, the announced wait is ${due}`,
    fix: 'make the text from the announced wait',
  }));
}

function afterRelease(moment: CallMoment): Sighting | null {
  const { operation, before, scope, tell } = moment;
  const wait = announced(moment);
  const { tenure } = before;
  if (wait === null || wait === 0) return null;
  if (tenure === null) {
    return broken(moment, () => ({
      message: `${tell.caller(operation)} was told to wait ${tell.duration(wait)} for ${tell.scope(scope)}, which nobody had ever held`,
      why: 'no start had been granted it',
    }));
  }
  const { standing } = tenure;
  if (standing.type !== 'released' || staysClosed(tenure, operation)) return null;
  return broken(moment, () => ({
    message: `${tell.caller(operation)} was told to wait ${tell.duration(wait)} after a clean release`,
    why: `${tell.tenure(tenure)} was ended at ${tell.instant(standing.at)}`,
    fix: 'make a release free the seat at once',
    calls: [standing.call],
  }));
}

/** A wait beyond the moment by which the policy lets go. */
function tooLong(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell } = moment;
  const wait = announced(moment);
  const { tenure } = before;
  const blocking = moment.after.tenure;
  if (wait === null || wait === 0 || tenure === null || blocking === null) return null;
  if (tenure.standing.type === 'released' && !staysClosed(tenure, operation)) return null;
  const { storeTime, slack } = operation.answer;
  const free = freeBy(blocking, bounds);
  // A job that is late may be announced for one more period; how late it is nobody can know.
  const late =
    bounds.swept && storeTime >= after(tenure.sign.earliest, bounds.boundary) && !hasCleared(tenure, before, bounds);
  if (late || storeTime - slack + wait <= free) return null;
  return broken(moment, () => ({
    message: `${tell.caller(operation)} was told to wait ${tell.duration(wait)} at ${tell.instant(storeTime)}, longer than the policy can make anyone wait`,
    why: `the last sign of life of ${tell.tenure(tenure)} came at ${tell.instant(tenure.sign.latest)}, so the seat is free by ${tell.instant(free)}`,
    fix: 'announce the time that is left, not the whole timeout',
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
    message: `${tell.caller(operation)} came back at ${tell.instant(answer.storeTime)}, when the announced wait was over, and was ${reply.type} again`,
    why: `it had been told to come at ${tell.instant(due.until)}, and the holder gave no sign of life since`,
    fix: 'announce the wait until the seat is really free: the rest of the timeout, the grace, and the clean-up that must come by',
    calls: [due.call],
  }));
}

/** The wait that the device of a start had been told and that is over. */
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

/** P13 and P14: nobody is locked out by themselves, by the dead, or by nobody. */
import type { StartCommand } from '../core/command.ts';
import type { Failed, Gone, Refused } from '../core/reply.ts';
import { freeBy, hasGrace, staysClosed } from './bounds.ts';
import type { Lookup } from './lookup.ts';
import type { AnsweredOperation } from './evidence.ts';
import { names, namesAnother, type Tenure } from './ledger.ts';
import { broken, KEPT, type CallMoment, type Rule, type Sighting } from './rule.ts';
import type { SessionId } from '../core/seat.ts';
import { after, between } from '../core/time.ts';
import type { Bounds } from './bounds.ts';
import type { Ledger } from './ledger.ts';

export const NO_FALSE_LOCK_OUT: Rule = {
  code: 'P13',
  name: 'no false lock-out',
  kind: 'liveness',
  statement: 'with no live rival a start is granted; a client never blocks itself and is never blocked by the dead',
  onCall: lockedOut,
};

export const RECOVERY: Rule = {
  code: 'P14',
  name: 'recovery',
  kind: 'liveness',
  statement: 'after a crash, a start succeeds within timeout + clean-up period + grace',
  onCall: recovered,
};

const FIX_EXPIRY =
  'judge the holder by its age in the statement of each start, and replace its row when it has expired';

function lockedOut(moment: CallMoment): Sighting | null {
  const { operation, before } = moment;
  const { command, answer } = operation;
  if (command.type !== 'start') return null;
  switch (answer.reply.type) {
    case 'granted':
      return hasRival(before.tenure, operation) ? null : KEPT;
    case 'refused':
      return refused(moment, command, answer.reply);
    case 'gone':
      return answeredGone(moment, command, answer.reply);
    case 'failed':
      return failed(moment, answer.reply);
    default:
      return null;
  }
}

function refused(moment: CallMoment, { device }: StartCommand, reply: Refused): Sighting | null {
  const { operation, before, bounds, lookup, tell } = moment;
  const { answer } = operation;
  const { tenure } = before;
  const { reason, holder } = reply;
  const caller = tell.caller(operation);
  const standing = tenure?.standing;
  // After a takeover the seat is promised away from the victim, also where that is the caller.
  const promisedAway = standing?.type === 'unsure' || (standing?.type === 'revoked' && (reason ?? 'grace') === 'grace');
  const blames = holder === undefined ? tenure : names(tenure, holder) ? tenure : null;
  const own =
    reason === 'same-device' ||
    (holder === undefined ? standing?.type === 'held' && tenure?.device === device : holder.device === device);
  if (!promisedAway && (own || onSameMachine(blames, operation, lookup))) {
    return broken(moment, () => ({
      message: `${caller} was locked out by a session of its own${holder === undefined ? '' : `, ${tell.holder(holder)}`}`,
      why: own
        ? 'a crashed or second process on a device cannot wait for itself'
        : 'both are on one machine, which presented itself as two devices',
      fix: own
        ? `let a device back in: sameDevice: 'reconnect'`
        : 'keep what changes from one process or start to the next out of the fingerprint',
      calls: [tenure?.call],
    }));
  }
  if (tenure === null || namesAnother(tenure, holder)) {
    return broken(moment, () => ({
      message:
        holder === undefined
          ? `${caller} was locked out of a seat that no session held`
          : `${caller} was locked out by ${tell.holder(holder)}, which did not have the seat`,
      why: tenure === null ? 'no start had been granted it' : `the seat was with ${tell.tenure(tenure)}`,
      fix: 'refuse a start only because of a row that a granted start wrote and that is still live',
      calls: [tenure?.call],
    }));
  }
  if (standing?.type === 'released' && !staysClosed(tenure, operation)) {
    return broken(moment, () => ({
      message: `${caller} was locked out by ${tell.tenure(tenure)}, which had been ended`,
      why: `it was ended at ${tell.instant(standing.at)}`,
      fix: 'free the seat in the statement that ends the session',
      calls: [standing.call],
    }));
  }
  const ended = standing?.type === 'swept' || standing?.type === 'revoked' ? standing : null;
  if (ended !== null && reason !== 'grace' && !(reason === undefined && hasGrace(bounds))) {
    return broken(moment, () => ({
      message: `${caller} was locked out as if ${tell.tenure(tenure)} were still live`,
      why: `that session was ${ended.type} at ${tell.instant(ended.at)}`,
      fix: 'ignore rows that were swept or taken over when a start looks for a holder',
      calls: [ended.call],
    }));
  }
  if (!isFree(tenure, before, operation, bounds)) return hasRival(tenure, operation) ? null : KEPT;
  return broken(moment, () => ({
    message: `${caller} was locked out by ${tell.tenure(tenure)}, silent since ${tell.instant(tenure.sign.latest)}`,
    why: `by the policy the seat is free from ${tell.instant(freeBy(tenure, bounds))}, and it was ${tell.instant(answer.storeTime)}`,
    fix: FIX_EXPIRY,
    calls: [tenure.sign.call],
  }));
}

function answeredGone(moment: CallMoment, { session }: StartCommand, { why }: Gone): Sighting | null {
  const { operation, before, scope, lookup, tell } = moment;
  const ended = lookup.endWasSent(scope, session, null, operation.to);
  if (ended || wasFollowed(session, moment)) return null;
  return broken(moment, () => ({
    message: `a start of ${tell.caller(operation)} was answered gone${why === undefined ? '' : `, ${why}`}, and that session was not over`,
    why: 'its client had not ended it, and no other session had followed it',
    fix: 'answer gone to a start only for a session that was ended or replaced',
    calls: [before.tenure?.call],
  }));
}

/** A failure locks a user out where a start had to be granted. A store that was made to fail is no fault of the service. */
function failed(moment: CallMoment, { why, message = '', sqlstate }: Failed): Sighting | null {
  const { operation, before, bounds, tell } = moment;
  if (why === 'unknown-license' || operation.disturbed) return null;
  const { tenure } = before;
  if (!hadToGrant(tenure, before, operation, bounds)) return null;
  return broken(moment, () => ({
    message: `${tell.caller(operation)} could not start${tenure === null ? '' : ` although ${tell.tenure(tenure)} was ${standingInWords(tenure)}`}: the start failed, and no live rival held the seat`,
    why:
      [sqlstate === undefined ? '' : `SQLSTATE ${sqlstate}`, message.replace(/[.\s]+$/, '')]
        .filter((text) => text !== '')
        .join(': ') || 'the service gave no reason, and no fault of the store was injected',
    fix: 'handle this error so that the start is granted, or retry the transaction',
    calls: [tenure?.call],
  }));
}

function standingInWords({ standing }: Tenure): string {
  return standing.type === 'held' ? 'expired or of the same device' : standing.type;
}

/** Whether no live session of another device, and no grace, stood in the way of this start. */
function hadToGrant(tenure: Tenure | null, ledger: Ledger, operation: AnsweredOperation, bounds: Bounds): boolean {
  if (tenure === null) return true;
  const { command } = operation;
  const { standing } = tenure;
  if (standing.type === 'unsure') return false;
  if (standing.type === 'released') return !staysClosed(tenure, operation);
  const own = standing.type === 'held' && command.type === 'start' && tenure.device === command.device;
  return own || isFree(tenure, ledger, operation, bounds);
}

function recovered(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell } = moment;
  const { command, answer } = operation;
  const { tenure } = before;
  if (command.type !== 'start' || tenure === null || tenure.crashedAt === null) return null;
  if (tenure.standing.type === 'released' || !isFree(tenure, before, operation, bounds)) return null;
  const { reply } = answer;
  const { crashedAt } = tenure;
  if (reply.type === 'granted') return KEPT;
  if (reply.type === 'gone' || (reply.type === 'failed' && (reply.why === 'unknown-license' || operation.disturbed))) {
    return null;
  }
  return broken(moment, () => ({
    message: `${tell.caller(operation)} could not start ${tell.duration(between(tenure.sign.latest, answer.storeTime))} after ${tell.tenure(tenure)} fell silent`,
    why: `its process crashed at ${tell.instant(crashedAt)}, and by the policy the seat is free from ${tell.instant(freeBy(tenure, bounds))}`,
    fix: FIX_EXPIRY,
    calls: [tenure.sign.call],
  }));
}

/** Whether somebody was granted the seat after this session, as far as can be known of a session whose grant nobody heard of. */
function wasFollowed(session: SessionId, { operation, before, scope, lookup }: CallMoment): boolean {
  if (before.former === session) return true;
  const another = before.tenure !== null && before.tenure.id !== session;
  return another && lookup.startWasLost(scope, session, operation.to);
}

/** Whether a process that has the session is on the machine of the caller, whatever they present themselves as. */
function onSameMachine(tenure: Tenure | null, { actor }: AnsweredOperation, { evidence }: Lookup): boolean {
  const { cast } = evidence.history;
  const machine = cast.find(({ name }) => name === actor)?.device;
  return cast.some(({ name, device }) => device === machine && tenure?.actors.includes(name) === true);
}

/** Whether the seat had certainly come free of a silent session, given that the job that clears it has run. */
function isFree(tenure: Tenure, ledger: Ledger, operation: AnsweredOperation, bounds: Bounds): boolean {
  const { storeTime, slack } = operation.answer;
  return storeTime - slack >= freeBy(tenure, bounds) && hasCleared(tenure, ledger, bounds);
}

/** Where a job clears the seat, nobody can be held to more than it did: it must have run since the expiry. */
export function hasCleared(tenure: Tenure, ledger: Ledger, bounds: Bounds): boolean {
  if (!bounds.swept || tenure.standing.type !== 'held') return true;
  return ledger.sweptAt !== null && ledger.sweptAt >= after(tenure.sign.latest, bounds.boundary);
}

function hasRival(tenure: Tenure | null, { command }: AnsweredOperation): boolean {
  return (
    tenure !== null && tenure.standing.type === 'held' && command.type === 'start' && tenure.device !== command.device
  );
}

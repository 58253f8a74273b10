/** P13 and P14: nobody is locked out by themselves, by the dead, or by nobody. */
import { freeBy, staysClosed } from './bounds.ts';
import type { Lookup } from './lookup.ts';
import type { AnsweredOperation } from './evidence.ts';
import { names, type Tenure } from './ledger.ts';
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

function lockedOut(moment: CallMoment): Sighting | null {
  const { operation, before, scope, bounds, lookup, tell } = moment;
  const { command, answer } = operation;
  const { reply } = answer;
  const { tenure } = before;
  if (reply.type === 'failed') {
    if (reply.why === 'unknown-license' || operation.disturbed) return null;
    return broken(moment, () => ({
      message: `a ${command.type} of ${tell.caller(operation)} failed, and no fault of the store was declared`,
      why: reply.message === '' ? null : `the server said: ${reply.message.replace(/[.\s]+$/, '')}`,
    }));
  }
  if (command.type !== 'start') return null;
  const caller = tell.caller(operation);
  if (reply.type === 'granted') return hasRival(tenure, operation) ? null : KEPT;
  if (reply.type === 'gone') {
    const ended = lookup.endWasSent(scope, command.session, null, operation.to);
    if (ended || wasFollowed(command.session, moment)) return null;
    return broken(moment, () => ({
      message: `a start of ${caller} was answered gone, ${reply.why}, and that session was not over`,
      why: 'its client had not ended it, and no other session had followed it',
      calls: [tenure?.call],
    }));
  }
  if (reply.type !== 'refused') return null;
  // After a takeover the seat is promised away from the victim, also where that is the caller.
  const promisedAway = tenure?.standing.type === 'revoked' && reply.reason === 'grace';
  const own = reply.reason === 'same-device' || reply.holder.device === command.device;
  const byAnotherName = names(tenure, reply.holder) && onSameMachine(tenure, operation, lookup);
  if (!promisedAway && (own || byAnotherName)) {
    return broken(moment, () => ({
      message: `${caller} was locked out by a session of its own (term ${reply.holder.term})`,
      why: own
        ? 'a crashed or second process on a device cannot wait for itself'
        : 'both are on one machine, which presented itself as two devices',
      fix: own
        ? `let a device back in: sameDevice: 'reconnect'`
        : 'keep what changes from one process or start to the next out of the fingerprint',
      calls: [tenure?.call],
    }));
  }
  if (tenure === null || !names(tenure, reply.holder)) {
    return broken(moment, () => ({
      message: `${caller} was locked out by ${tell.tenure(reply.holder)}, which did not have the seat`,
      why: tenure === null ? 'nobody had been granted it' : `it was with ${tell.tenure(tenure)}`,
      calls: [tenure?.call],
    }));
  }
  const { standing } = tenure;
  if (standing.type === 'released' && !staysClosed(tenure, operation)) {
    return broken(moment, () => ({
      message: `${caller} was locked out by ${tell.tenure(tenure)}, which had been ended`,
      why: `it was ended at ${tell.instant(standing.at)}`,
      calls: [standing.call],
    }));
  }
  if (standing.type !== 'held' && reply.reason !== 'grace') {
    return broken(moment, () => ({
      message: `${caller} was locked out as if ${tell.tenure(tenure)} were still at work`,
      why: `that session was ${standing.type} at ${tell.instant(standing.at)}`,
      calls: [standing.call],
    }));
  }
  if (!isFree(tenure, before, operation, bounds)) return hasRival(tenure, operation) ? null : KEPT;
  return broken(moment, () => ({
    message: `${caller} was locked out by ${tell.tenure(tenure)}, silent since ${tell.instant(tenure.sign.latest)}`,
    why: `the policy lets go by ${tell.instant(freeBy(tenure, bounds))}, and it was ${tell.instant(answer.storeTime)}`,
    fix: 'let each start see for itself that the holder has expired',
    calls: [tenure.sign.call],
  }));
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
    why: `its process crashed at ${tell.instant(crashedAt)}, and the policy lets go by ${tell.instant(freeBy(tenure, bounds))}`,
    fix: 'let each start see for itself that the holder has expired',
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

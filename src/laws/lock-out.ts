/** P13 and P14: no start is locked out by its own device, by an expired session, or by no session at all. */
import type { StartCommand } from '../core/command.ts';
import type { Failed, Gone, RefusalReason, Refused } from '../core/reply.ts';
import type { SessionId } from '../core/seat.ts';
import { between, type Instant } from '../core/time.ts';
import { freeBy, hasGrace, staysClosed, type Bounds } from './bounds.ts';
import { hasCleared, judgeByAge, leftBySweep } from './clean-up.ts';
import type { AnsweredOperation } from './evidence.ts';
import { names, namesAnother, type Ledger, type Tenure } from './ledger.ts';
import type { Lookup } from './lookup.ts';
import { broken, KEPT, type Because, type CallMoment, type Rule, type Sighting } from './rule.ts';
import { errorIn } from './telling.ts';

export const NO_FALSE_LOCK_OUT: Rule = {
  code: 'P13',
  name: 'no false lock-out',
  kind: 'liveness',
  statement:
    'with no live rival a start is granted; a client never blocks itself and is never blocked by a session that is over',
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
    const { sameDevice } = bounds.policy;
    return broken(moment, () => ({
      message: `${caller} was locked out by a session of its own${holder === undefined ? '' : `, ${tell.holder(holder)}`}`,
      ...(own
        ? {
            cause: 'own-session-blocks',
            why: 'that session is one of the same device, so a process that crashes locks its own device out until the timeout',
            fix:
              sameDevice === 'refuse'
                ? `let a device back in: sameDevice: 'reconnect'`
                : `let a start of the device that holds the seat ${sameDevice === 'join' ? 'join its session' : 'replace its session'}, as the policy says (sameDevice: '${sameDevice}')`,
          }
        : {
            cause: 'one-machine-two-devices',
            why: 'both processes run on one machine, and it presented two fingerprints',
            fix: 'keep what changes from one process or start to the next out of the fingerprint',
          }),
      calls: [tenure?.call],
    }));
  }
  if (tenure === null || namesAnother(tenure, holder)) {
    return broken(moment, () => ({
      message:
        holder === undefined
          ? `${caller} was locked out of a seat that no session held`
          : `${caller} was locked out by ${tell.holder(holder)}, which did not have the seat`,
      ...(tenure === null
        ? {
            cause: 'ungranted-session-blocks',
            why: 'no start had been granted the seat',
            fix: 'refuse a start only for a row that a granted start wrote, and roll the row back when a start is refused or fails',
          }
        : {
            cause: 'wrong-session-blocks',
            why: `the seat was with ${tell.tenure(tenure)}`,
            fix: 'refuse a start only for the session that was granted the seat last, and name that one in the reply',
          }),
      calls: [tenure?.call],
    }));
  }
  if (standing?.type === 'released' && !staysClosed(tenure, operation)) {
    return broken(moment, () => ({
      message: `${caller} was locked out by ${tell.tenure(tenure)}, which had been ended`,
      ...(reason === 'grace'
        ? graceAfterEnd(moment)
        : {
            cause: 'ended-session-blocks',
            fix: 'commit the end of the session before it is answered, and let a start grant a seat whose session has ended',
          }),
      why: `it was ended at ${tell.instant(standing.at)}`,
      calls: [standing.call],
    }));
  }
  const ended = standing?.type === 'swept' || standing?.type === 'revoked' ? standing : null;
  // A refusal without a reason may be one for a grace, as long as that can last.
  const mayBeGrace = reason === undefined && hasGrace(bounds) && !isFree(tenure, before, operation, bounds);
  if (ended !== null && reason !== 'grace' && !mayBeGrace) {
    return broken(moment, () => ({
      message: `${caller} was locked out as if ${tell.tenure(tenure)} were still live`,
      ...(ended.type === 'swept'
        ? {
            cause: 'swept-session-blocks',
            why: `a sweep removed that session at ${tell.instant(ended.at)}`,
            fix: 'let a start ignore rows that a sweep has marked, or let the sweep delete them',
          }
        : {
            cause: 'replaced-session-blocks',
            why: `a start had taken that session over at ${tell.instant(ended.at)}`,
            fix: 'let a start ignore rows of sessions that were taken over',
          }),
      calls: [ended.call],
    }));
  }
  if (!isFree(tenure, before, operation, bounds)) return hasRival(tenure, operation) ? null : KEPT;
  return broken(moment, () => ({
    message: `${caller} was locked out by ${tell.tenure(tenure)}, silent since ${tell.instant(tenure.sign.latest)}`,
    ...notFreed(moment, tenure, reason),
    calls: [tenure.sign.call],
  }));
}

function graceAfterEnd({ bounds }: CallMoment): Pick<Because, 'cause' | 'fix'> {
  return {
    cause: 'grace-after-end',
    fix: hasGrace(bounds)
      ? 'count a grace from the expiry or the takeover that began it, and begin none when a session ends'
      : 'refuse for a grace only where the policy declares one',
  };
}

function notFreed(moment: CallMoment, tenure: Tenure, reason?: RefusalReason): Because {
  const { operation, bounds, tell } = moment;
  const why = `by the policy the seat is free from ${tell.instant(freeBy(tenure, bounds))}, and it was ${tell.instant(operation.answer.storeTime)}`;
  if (reason === 'grace') {
    return {
      cause: 'grace-never-ends',
      why: `${why}; the refusal gives a grace as its reason`,
      fix: hasGrace(bounds)
        ? 'count the grace once, from the expiry or the takeover, and not again from each start'
        : 'refuse for a grace only where the policy declares one',
    };
  }
  const left = leftBySweep(moment, tenure, why);
  return left === null
    ? { cause: 'expired-session-blocks', why, fix: judgeByAge(moment) }
    : { cause: 'sweep-left-it', ...left };
}

function answeredGone(moment: CallMoment, { session }: StartCommand, { why }: Gone): Sighting | null {
  const { operation, before, scope, lookup, tell } = moment;
  const ended = lookup.endWasSent(scope, session, null, operation.to);
  if (ended || wasFollowed(session, moment)) return null;
  return broken(moment, () => ({
    cause: 'start-answered-gone',
    message: `a start of ${tell.caller(operation)} was answered gone${why === undefined ? '' : `, ${why}`}, and that session was not over`,
    why: 'its client had not ended it, and no other session had followed it',
    fix: 'answer gone to a start only for a session that was ended or replaced',
    calls: [before.tenure?.call],
  }));
}

/** A failure locks a user out where a start had to be granted. A store that was made to fail excuses the service. */
function failed(moment: CallMoment, reply: Failed): Sighting | null {
  const { why } = reply;
  const { operation, before, bounds, tell } = moment;
  if (why === 'unknown-license' || operation.disturbed) return null;
  const { tenure } = before;
  if (!hadToGrant(tenure, before, operation, bounds)) return null;
  return broken(moment, () => ({
    message: `${tell.caller(operation)} could not start${tenure === null ? '' : ` although ${tell.tenure(tenure)} was ${standingInWords(tenure)}`}: the start failed, and no live rival held the seat`,
    ...failureOf(reply),
    calls: [tenure?.call],
  }));
}

/** By the class of the SQLSTATE, because what to do depends on it. */
function failureOf(reply: Failed): Because {
  const why = errorIn(reply) || 'the service gave no reason';
  switch (reply.sqlstate?.slice(0, 2)) {
    case '40':
      return {
        cause: 'start-rolled-back',
        why,
        fix: 'run the transaction of the start again when the database rolls it back (serialization failure, deadlock)',
      };
    case '23':
      return {
        cause: 'start-hits-a-constraint',
        why,
        fix: 'replace the row that stands in the way when its session is over: INSERT … ON CONFLICT … DO UPDATE … WHERE it has expired or ended',
      };
    default:
      return {
        cause: 'start-failed',
        why: `${why}; no fault of the store was injected`,
        fix: 'handle this error so that the start is granted',
      };
  }
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
    message: `${tell.caller(operation)} could not start ${tell.duration(between(tenure.sign.latest, answer.storeTime))} after the last acknowledged request of ${tell.tenure(tenure)}`,
    ...notRecovered(moment, tenure, crashedAt),
    calls: [tenure.sign.call],
  }));
}

function notRecovered(moment: CallMoment, tenure: Tenure, crashedAt: Instant): Because {
  const { operation, bounds, tell } = moment;
  const { command, answer } = operation;
  const why = `its process crashed at ${tell.instant(crashedAt)}, and by the policy the seat is free from ${tell.instant(freeBy(tenure, bounds))}`;
  if (answer.reply.type === 'failed') {
    return {
      cause: 'crash-and-failure',
      why: `${why}; the start failed, and no fault of the store was injected`,
      fix: 'handle the error of the start, and do not depend on what the crashed process would have cleaned up',
    };
  }
  if (command.type === 'start' && command.device === tenure.device) {
    return {
      cause: 'crash-locks-own-device',
      why: `${why}; the start came from the device of the crashed process`,
      fix: 'let a start of the device that holds the seat replace its session',
    };
  }
  const left = leftBySweep(moment, tenure, why);
  return left === null
    ? { cause: 'crash-never-expires', why, fix: judgeByAge(moment) }
    : { cause: 'crash-left-by-sweep', ...left };
}

/** Whether another start was granted the seat after this session, as far as is known of a session whose grant was not answered. */
function wasFollowed(session: SessionId, { operation, before, scope, lookup }: CallMoment): boolean {
  if (before.former === session) return true;
  const another = before.tenure !== null && before.tenure.id !== session;
  return another && lookup.startWasLost(scope, session, operation.to);
}

/** Whether a process that has the session is on the machine of the caller, whatever fingerprints they present. */
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

function hasRival(tenure: Tenure | null, { command }: AnsweredOperation): boolean {
  return (
    tenure !== null && tenure.standing.type === 'held' && command.type === 'start' && tenure.device !== command.device
  );
}

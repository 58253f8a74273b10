/** P1: at most one session holds a seat. */
import { after, type Duration } from '../core/time.ts';
import { agesAt, mayReplace, unexpired } from './bounds.ts';
import type { AnsweredOperation, Operation } from './evidence.ts';
import { leavesOpen, names, sessionGranted, type Tenure } from './ledger.ts';
import { isOneStatement, meetingOf } from './meeting.ts';
import { KEEP_IN_STORE, memoryLost } from './process-memory.ts';
import {
  broken,
  KEPT,
  untold,
  type Because,
  type CallMoment,
  type Rule,
  type RowMoment,
  type Sighting,
} from './rule.ts';

export const ONE_HOLDER: Rule = {
  code: 'P1',
  name: 'one holder',
  kind: 'safety',
  statement: 'at every instant of the store’s clock at most one session of a seat is granted, unexpired and not ended',
  onCall,
  onRow,
  plain: { row: true },
};

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell, scope } = moment;
  const { tenure } = before;
  const { command, answer } = operation;
  const { reply } = answer;
  if (tenure === null || tenure.standing.type !== 'held' || !unexpired(tenure, operation, bounds)) return null;
  if (command.type === 'start' && reply.type === 'refused') return KEPT;
  if (command.type === 'start' && reply.type === 'granted') {
    if (names(tenure, reply.replaced)) return KEPT;
    if (names(tenure, sessionGranted(reply, command, tenure, bounds))) {
      return leavesOpen(reply, command, tenure) ? untold('which session a start was granted') : KEPT;
    }
    // Whether it ended the live session shows in the next reply to that session.
    if (reply.replaced === undefined && mayReplace(tenure, command, bounds)) {
      return untold('which session a start replaced');
    }
    const term = reply.term === undefined ? 'the seat' : `term ${reply.term}`;
    return broken(moment, () => ({
      message: `${tell.caller(operation)} was granted ${term} while ${tell.tenure(tenure)} held ${tell.scope(scope)}`,
      calls: [tenure.call, tenure.sign.call, moment.before.strayEnd],
      ...causeOf(moment, tenure),
    }));
  }
  if (command.type === 'heartbeat' && reply.type === 'renewed' && !names(tenure, command)) {
    return broken(moment, () => ({
      cause: 'foreign-renewal',
      message: `${tell.session(command)} was renewed while ${tell.tenure(tenure)} held ${tell.scope(scope)}`,
      why: lastSeen(moment, tenure),
      fix: isOneStatement(operation)
        ? `put the ${tell.key(tenure)} of the heartbeat into the WHERE clause of its statement, and change them in the row when the seat is granted to another session`
        : `renew in one statement, only the row that carries the ${tell.key(tenure)} of the heartbeat, and change them in the row when the seat is granted to another session`,
      calls: [tenure.call],
    }));
  }
  return null;
}

/** What the run shows to be the reason why a second session was granted the seat of a live one. */
function causeOf(moment: CallMoment, tenure: Tenure): Because {
  const { operation, lookup } = moment;
  const rival = lookup.operation(tenure.call);
  return (
    (rival === null ? null : concurrent(moment, operation, rival)) ??
    unreported(moment, tenure) ??
    foreignRelease(moment, tenure) ??
    lostMemory(moment, tenure) ??
    shortExpiry(moment, tenure) ??
    swept(moment, tenure) ??
    offTheBoundary(moment, tenure) ??
    disregarded(moment, tenure)
  );
}

function concurrent({ tell }: CallMoment, operation: AnsweredOperation, rival: Operation): Because | null {
  const both = `the starts of ${tell.caller(rival)} and ${tell.caller(operation)} overlapped`;
  switch (meetingOf(operation, rival)) {
    case 'apart':
      return null;
    case 'overlapping':
      return {
        cause: 'overlapping-starts',
        why: `${both}, and both were granted the seat`,
        fix: 'decide in one atomic step: a unique key on the seat, or a lock on a row that exists before the check',
      };
    case 'interleaved':
      return {
        cause: 'check-then-claim',
        why: `${both}: each looked for a holder in one statement and claimed the seat in a later one, so both found it free`,
        fix: 'lock a row that exists, such as that of the license, before the check (SELECT … FOR UPDATE), or let a unique key or a condition in the claim itself decide',
      };
    case 'single-statements':
      return {
        cause: 'overlapping-statements',
        why: `${both}, and each is one statement: the condition of the later one was evaluated on a snapshot without the row of the other`,
        fix: 'let a unique key on the seat decide, lock a row that exists before the statement, or run it at serializable and retry',
      };
  }
}

/** The policy lets the start replace the session, and the reply does not say that it did. */
function unreported({ operation, bounds, tell }: CallMoment, tenure: Tenure): Because | null {
  const { command } = operation;
  if (command.type !== 'start' || !mayReplace(tenure, command, bounds)) return null;
  return {
    cause: 'replacement-denied',
    why: `the policy lets this start replace ${tell.tenure(tenure)}, and its reply does not name that session as replaced`,
    fix: 'end the session of the holder in the statement that grants the seat, and return that session as replaced',
  };
}

function foreignRelease({ before, lookup, tell }: CallMoment, tenure: Tenure): Because | null {
  const end = before.strayEnd === null ? null : lookup.operation(before.strayEnd);
  if (end?.command.type !== 'end') return null;
  return {
    cause: 'foreign-release',
    why: `an end of ${tell.session(end.command)} came after the last acknowledged request of ${tell.tenure(tenure)}, and the seat was granted after it`,
    fix: `end only the row that carries the ${tell.key(tenure)} of the request: put that condition into the statement itself`,
  };
}

function lostMemory(moment: CallMoment, tenure: Tenure): Because | null {
  const { operation, lookup } = moment;
  const lost = memoryLost(lookup.operation(tenure.sign.call), operation, lookup.evidence);
  return lost === null
    ? null
    : { cause: 'memory-lost', why: `${lastSeen(moment, tenure)}; ${lost}`, fix: KEEP_IN_STORE };
}

/** The replies show that the row was given too short an expiry, and the start held to it. */
function shortExpiry({ operation, bounds, tell }: CallMoment, { sign, promised }: Tenure): Because | null {
  const due = after(sign.earliest, bounds.timeout);
  if (!Number.isFinite(promised) || promised >= due || promised > operation.answer.storeTime) return null;
  return {
    cause: 'expiry-too-short',
    why: `the reply to the last ${sign.kind} of the holder gave the expiry ${tell.instant(promised)}, and by the timeout of ${tell.duration(bounds.timeout)} it is ${tell.instant(due)}`,
    fix: `let each start and heartbeat write an expiry that is ${tell.duration(bounds.timeout)} after it, by the clock of the store`,
  };
}

function swept({ before, operation, tell }: CallMoment, tenure: Tenure): Because | null {
  const { sweptAt } = before;
  if (sweptAt === null || sweptAt < tenure.sign.latest || sweptAt > operation.answer.storeTime) return null;
  return {
    cause: 'swept-alive',
    why: `${tell.lastRequest(tenure)}, a sweep ran at ${tell.instant(sweptAt)}, and the seat was granted after it`,
    fix: 'repeat the condition that the session has expired in the statement of the sweep that removes it',
  };
}

/** So little before the timeout that the comparison itself must be off. */
const NEAR = 1000;

function offTheBoundary({ operation, bounds, tell }: CallMoment, tenure: Tenure): Because | null {
  const ages = agesAt(tenure, operation);
  const short = (bounds.boundary - ages.most) as Duration;
  if (short > NEAR) return null;
  return {
    cause: 'boundary-missed',
    why: `${tell.lastRequest(tenure)}, ${tell.age(ages)} before the grant: ${tell.duration(short)} short of its expiry`,
    fix: `compare ages in milliseconds, without rounding: a session has expired ${bounds.policy.expiry === 'at' ? `at an age of ${tell.duration(bounds.timeout)}, not below it` : `beyond an age of ${tell.duration(bounds.timeout)}, not at it`}`,
  };
}

/** The starts did not overlap, so the second one treated the holder as expired, or did not look for one. */
function disregarded(moment: CallMoment, tenure: Tenure): Because {
  const { operation, lookup, scope, bounds, tell } = moment;
  const seen = `${lastSeen(moment, tenure)}; the two starts did not overlap`;
  // A start that was refused shows that the service does look for a holder.
  if (lookup.wasRefused(scope, operation.from)) {
    return {
      cause: 'judged-expired',
      why: `${seen}, and an earlier start was refused, so this one treated the session as expired`,
      fix: `compare the age of the holder with the timeout that it was granted, ${tell.duration(bounds.timeout)}, by the clock of the store and in one unit and time zone`,
    };
  }
  return {
    cause: 'holder-disregarded',
    why: `${seen}, and the second start did not look for a live holder, or treated it as expired`,
    fix: `grant the seat only where no live row of another session holds it: one whose age is below ${tell.duration(bounds.timeout)} by the clock of the store`,
  };
}

function lastSeen({ operation, bounds, tell }: CallMoment, tenure: Tenure): string {
  return `the last acknowledged request of ${tell.tenure(tenure)} came ${tell.age(agesAt(tenure, operation))} before, and the timeout is ${tell.duration(bounds.timeout)}`;
}

function onRow(moment: RowMoment): Sighting | null {
  const { stored, lookup, tell, scope, before } = moment;
  if (stored?.standing.type !== 'held') return null;
  if (names(before.tenure, stored) || lookup.wasGranted(scope, stored, moment.position)) return KEPT;
  return broken(moment, () => ({
    cause: 'ungranted-row',
    message: `the store holds ${tell.scope(scope)} for ${tell.tenure(stored)}, which no start was granted`,
    why: 'its row stands as held, and no reply granted that session and term',
    fix: 'write the row of a session only in the statement that grants it, and roll it back when the start is refused or fails',
  }));
}

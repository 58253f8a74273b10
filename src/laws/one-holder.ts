/** P1: at most one session holds a seat. */
import { agesAt, mayReplace, unexpired } from './bounds.ts';
import type { AnsweredOperation, Operation } from './evidence.ts';
import { names, sessionGranted, type Tenure } from './ledger.ts';
import { broken, KEPT, untold, type CallMoment, type Rule, type RowMoment, type Sighting, type Told } from './rule.ts';

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
    if (names(tenure, sessionGranted(reply, command, tenure, bounds)) || names(tenure, reply.replaced)) return KEPT;
    // Whether it ended the live session shows when that session is heard of again.
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
      fix: 'renew only the row that carries the session of the heartbeat, and remove that row or change its session in the statement that grants the seat to another',
      calls: [tenure.call],
    }));
  }
  return null;
}

type Cause = Pick<Told, 'cause' | 'why' | 'fix'>;

/** What the run shows to be the reason why a second session was granted the seat of a live one. */
function causeOf(moment: CallMoment, tenure: Tenure): Cause {
  const rival = moment.lookup.operation(tenure.call);
  if (rival !== null && overlaps(moment.operation, rival)) return overlapping(moment, moment.operation, rival);
  return (
    foreignRelease(moment, tenure) ?? memoryLost(moment, tenure) ?? swept(moment, tenure) ?? disregarded(moment, tenure)
  );
}

/** Whether statements of both took effect between those of the other, or, where none were observed, both were open at once. */
function overlaps(a: Operation, b: Operation): boolean {
  const [one, other] = [a.answer?.statements, b.answer?.statements];
  if (one === undefined || other === undefined) return a.from < b.to && b.from < a.to;
  if (one.count > 1 || other.count > 1) return one.first < other.last && other.first < one.last;
  return a.from < b.to && b.from < a.to;
}

function overlapping({ tell }: CallMoment, operation: AnsweredOperation, rival: Operation): Cause {
  const [one, other] = [operation.answer.statements, rival.answer?.statements];
  const both = `the starts of ${tell.caller(rival)} and ${tell.caller(operation)}`;
  if (one === undefined || other === undefined) {
    return {
      cause: 'overlapping-starts',
      why: `${both} overlapped, and both found the seat free`,
      fix: 'decide in one atomic step: a unique key on the seat, or a lock on a row that exists before the check',
    };
  }
  if (one.count > 1 || other.count > 1) {
    return {
      cause: 'check-then-claim',
      why: `${both} overlapped: each looked for a holder in one statement and claimed the seat in a later one, so both found it free`,
      fix: 'lock a row that exists, such as that of the license, before the check (SELECT … FOR UPDATE), or let a unique key or a condition in the claim itself decide',
    };
  }
  return {
    cause: 'overlapping-statements',
    why: `${both} overlapped, and each is one statement: the condition of the later one was evaluated on a snapshot without the row of the other`,
    fix: 'let a unique key on the seat decide, lock a row that exists before the statement, or run it at serializable and retry',
  };
}

function foreignRelease({ before, lookup, tell }: CallMoment, tenure: Tenure): Cause | null {
  const end = before.strayEnd === null ? null : lookup.operation(before.strayEnd);
  if (end?.command.type !== 'end') return null;
  return {
    cause: 'foreign-release',
    why: `an end of ${tell.session(end.command)} had come since ${tell.tenure(tenure)} was last heard of, and the seat was free after it`,
    fix: 'end only the row that carries the session of the request: put the session and its term into the condition of the statement',
  };
}

/** A server that went down between the sign of life and the grant took with it what it had kept in memory. */
function memoryLost({ operation, lookup, tell }: CallMoment, tenure: Tenure): Cause | null {
  const sign = lookup.operation(tenure.sign.call);
  if (sign === null || !lookup.serverWentDown(sign.to, operation.to)) return null;
  return {
    cause: 'memory-lost',
    why: `a server went down after ${tell.tenure(tenure)} was last heard of, and the session was not known after it`,
    fix: 'keep sessions in the store, not in the memory of a process',
  };
}

function swept({ before, operation, tell }: CallMoment, tenure: Tenure): Cause | null {
  const { sweptAt } = before;
  if (sweptAt === null || sweptAt < tenure.sign.latest || sweptAt > operation.answer.storeTime) return null;
  return {
    cause: 'swept-alive',
    why: `a sweep ran at ${tell.instant(sweptAt)}, after ${tell.tenure(tenure)} was last heard of at ${tell.instant(tenure.sign.latest)}`,
    fix: 'repeat the condition that the session has expired in the statement of the sweep that removes it',
  };
}

/** Neither start met the other, so the second one found the holder and took it for over, or did not look for one. */
function disregarded(moment: CallMoment, tenure: Tenure): Cause {
  const { lookup, scope, bounds, tell } = moment;
  const seen = `${lastSeen(moment, tenure)}; the two starts did not overlap`;
  // A start that was refused shows that the service does look for a holder.
  if (lookup.wasRefused(scope)) {
    return {
      cause: 'judged-expired',
      why: `${seen}, and an earlier start was refused, so this one took the session for over`,
      fix: `compare the age of the holder with the timeout that it was granted, ${tell.duration(bounds.timeout)}, by the clock of the store and in one unit and time zone`,
    };
  }
  return {
    cause: 'holder-disregarded',
    why: `${seen}, so it takes no race: the second start did not look for a live holder, or took it for over`,
    fix: `grant the seat only where no live row of another session holds it: one whose age is below ${tell.duration(bounds.timeout)} by the clock of the store`,
  };
}

function lastSeen({ operation, bounds, tell }: CallMoment, tenure: Tenure): string {
  return `${tell.tenure(tenure)} was last heard of ${tell.age(agesAt(tenure, operation))} before, and the timeout is ${tell.duration(bounds.timeout)}`;
}

function onRow(moment: RowMoment): Sighting | null {
  const { row, lookup, tell, scope, before } = moment;
  const latest = row?.seat.latest;
  if (row === null || !latest || latest.standing.type !== 'held') return null;
  const held = { session: latest.id, term: row.seat.term };
  if (names(before.tenure, held) || lookup.wasGranted(scope, held, moment.position)) return KEPT;
  return broken(moment, () => ({
    cause: 'ungranted-row',
    message: `the store holds ${tell.scope(scope)} for ${tell.device(latest.device)} (term ${held.term}), which no start was granted`,
    why: 'its row stands as held, and no answer ever granted that session and term',
    fix: 'write the row of a session only in the statement that grants it, and roll it back when the start is refused or fails',
  }));
}

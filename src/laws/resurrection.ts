/** P4: what is over stays over. */
import type { Operation } from './evidence.ts';
import { isNamed, leavesOpen, names, namesAnother, sessionGranted, type Tenure } from './ledger.ts';
import { heartbeatDuring, isOneStatement, keepEnded, meetingOf } from './meeting.ts';
import {
  broken,
  KEPT,
  untold,
  type Because,
  type CallMoment,
  type Rule,
  type RowMoment,
  type Sighting,
  type Told,
} from './rule.ts';

export const NO_RESURRECTION: Rule = {
  code: 'P4',
  name: 'no resurrection',
  kind: 'safety',
  statement:
    'a session that was ended, replaced, or expired and taken never holds again, and its heartbeat changes nothing',
  onCall,
  onRow,
};

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, scope, bounds, lookup, tell } = moment;
  const { command, answer, from } = operation;
  const { reply } = answer;
  const { tenure } = before;
  if (command.type === 'heartbeat') {
    const current = names(tenure, command);
    const over = current ? isOver(tenure) : lookup.wasGranted(scope, command, from);
    if (!over || tenure === null) return null;
    if (reply.type !== 'renewed') return KEPT;
    return broken(moment, () => ({
      message: `a heartbeat of ${tell.session(command)} was renewed although the session was over`,
      ...renewedAgain(moment, tenure, current),
    }));
  }
  if (command.type === 'start' && reply.type === 'granted' && tenure !== null) {
    const { term } = reply;
    const held = tenure.standing.type === 'held';
    if (held && names(tenure, sessionGranted(reply, command, tenure, bounds))) {
      return leavesOpen(reply, command, tenure) ? untold('which session a start was granted') : KEPT;
    }
    if (term === undefined || tenure.term === null) return untold('the term');
    if (term > tenure.term) return held ? null : KEPT;
    return broken(moment, () => ({
      message: `${tell.caller(operation)} was granted term ${term} ${term === tenure.term ? 'again, ' : ''}after ${tell.tenure(tenure)}`,
      ...termNotRaised(operation, lookup.operation(tenure.call)),
      calls: [tenure.call],
    }));
  }
  if (command.type === 'status' && reply.type === 'active') {
    const { holder } = reply;
    if (holder === undefined) return null;
    const current = names(tenure, holder);
    const over = current ? isOver(tenure) : namesAnother(tenure, holder) && lookup.wasGranted(scope, holder, from);
    if (!over || tenure === null) return null;
    return broken(moment, () => ({
      cause: 'shown-as-active',
      message: `a status showed ${tell.holder(holder)} as active although its session was over`,
      why: fateOf(moment, tenure, current),
      fix: 'let the status read the row that a start reads, and show its session only while it has neither ended nor been replaced',
      calls: [callOfFate(tenure, current)],
    }));
  }
  return null;
}

/** Terms tell an old session from a new one only if they rise with every grant. */
function termNotRaised(operation: Operation, earlier: Operation | null): Because {
  if (earlier !== null && meetingOf(operation, earlier) !== 'apart') {
    return {
      cause: 'term-read-twice',
      why: 'the two starts overlapped, and both counted on from the same term',
      fix: 'raise the term of the row in the statement that grants (term = term + 1), under a lock or a unique key on the seat and its term',
    };
  }
  return {
    cause: 'term-restarted',
    why: 'the starts did not overlap, so the later one did not count on from the term before it',
    fix: 'keep the highest term of the seat when its session ends or its row is removed, and grant the next one',
  };
}

type Fate = Omit<Told, 'message'>;

function renewedAgain(moment: CallMoment, tenure: Tenure, current: boolean): Fate {
  const { operation, tell, lookup } = moment;
  const why = fateOf(moment, tenure, current);
  const call = callOfFate(tenure, current);
  const { standing } = tenure;
  const released = current && standing.type === 'released';
  const undone = released ? heartbeatDuring(lookup.operation(standing.call), lookup.evidence.operations) : null;
  if (undone !== null) {
    return {
      cause: 'written-over-an-end',
      why: `${why}, while a heartbeat of the session was under way, which wrote the session back`,
      fix: keepEnded(undone),
      calls: [call, undone.call],
    };
  }
  const fix = isOneStatement(operation)
    ? `add to the WHERE clause of the heartbeat’s statement the ${tell.key(tenure)}`
    : `renew in one UPDATE whose WHERE clause requires the ${tell.key(tenure)}`;
  if (!current) {
    return {
      cause: 'renewed-after-next-grant',
      why,
      fix: `${fix} of the heartbeat, and change them in the row with every grant`,
      calls: [call],
    };
  }
  switch (standing.type) {
    case 'swept':
      return { cause: 'renewed-after-sweep', why, fix: `${fix}, and that no sweep removed it`, calls: [call] };
    case 'revoked':
      return {
        cause: 'renewed-after-takeover',
        why,
        fix: `${fix}, and that no other start replaced it`,
        calls: [call],
      };
    case 'released':
    case 'held':
    case 'unsure':
      return { cause: 'renewed-after-end', why, fix: `${fix}, and that it has not ended`, calls: [call] };
  }
}

function onRow(moment: RowMoment): Sighting | null {
  const { stored, before, scope, lookup, tell, since } = moment;
  const { tenure } = before;
  if (stored === null || tenure === null) return null;
  const current = names(tenure, stored);
  if (current && !isOver(tenure)) return null;
  if (!current && !lookup.wasGranted(scope, stored, moment.position)) return null;
  if (stored.standing.type !== 'held') return KEPT;
  return broken(moment, () => {
    const heartbeat = since.find(({ command }) => command.type === 'heartbeat' && isNamed(stored, command));
    return {
      message: `the store holds ${tell.scope(scope)} for ${tell.tenure(stored)} although that session was over`,
      why: fateOf(moment, tenure, current),
      ...(heartbeat === undefined
        ? {
            cause: 'row-stands',
            fix: 'write the end of a session into its row in the request that ends it, and grant the seat by replacing that row',
          }
        : {
            cause: 'row-renewed',
            fix: 'let a heartbeat change the row only under the condition that decides its answer, in one statement',
          }),
      calls: [callOfFate(tenure, current)],
    };
  });
}

function isOver(tenure: Tenure | null): boolean {
  return tenure !== null && tenure.standing.type !== 'held' && tenure.standing.type !== 'unsure';
}

function fateOf({ tell }: CallMoment | RowMoment, tenure: Tenure, current: boolean): string {
  if (!current) return `the seat was granted to ${tell.tenure(tenure)} since`;
  const { standing } = tenure;
  switch (standing.type) {
    case 'held':
    case 'unsure':
      return `${tell.tenure(tenure)} had the seat`;
    case 'released':
      return `it was ended at ${tell.instant(standing.at)}`;
    case 'swept':
      return `a sweep removed it at ${tell.instant(standing.at)}`;
    case 'revoked':
      return `${tell.device(standing.by)} took it over at ${tell.instant(standing.at)}`;
  }
}

function callOfFate(tenure: Tenure, current: boolean): number {
  return current && tenure.standing.type !== 'held' ? tenure.standing.call : tenure.call;
}

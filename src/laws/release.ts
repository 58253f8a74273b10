/** P16: an end ends its own session and nothing else. */
import { mayReplace, unexpired } from './bounds.ts';
import { names, presents, type Tenure } from './ledger.ts';
import { heartbeatDuring, isOneStatement, keepEnded } from './meeting.ts';
import {
  broken,
  KEPT,
  type Because,
  type CallMoment,
  type Rule,
  type RowMoment,
  type Sighting,
  type Told,
} from './rule.ts';
import { treatmentOf } from './treatment.ts';

export const SCOPED_RELEASE: Rule = {
  code: 'P16',
  name: 'scoped release',
  kind: 'safety',
  statement: 'ending is idempotent and ends only its own session and term; no heartbeat in flight undoes it',
  onCall,
  onRow,
};

/** An end is put to the test by what is seen after it, never by its own reply. */
function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, scope, bounds, lookup, tell } = moment;
  const { command, answer } = operation;
  const { reply } = answer;
  const { tenure } = before;
  if (tenure === null) return null;
  const { standing } = tenure;
  if (command.type === 'end') {
    const live = standing.type === 'held' && unexpired(tenure, operation, bounds);
    if (reply.type !== 'gone' || !live || !names(tenure, command) || !presents(tenure, command)) return null;
    return broken(moment, () => ({
      message: `the end of ${tell.tenure(tenure)} was answered gone${reply.why === undefined ? '' : `, ${reply.why},`} although the session was live`,
      ...unended(moment, tenure, reply.why),
      calls: [tenure.sign.call],
    }));
  }
  if (standing.type === 'released') {
    if (command.type === 'start') {
      return reply.type === 'granted' && !mayReplace(tenure, command, bounds) ? KEPT : null;
    }
    if (command.type === 'status') return reply.type === 'idle' ? KEPT : null;
    if (command.type !== 'heartbeat' || !names(tenure, command)) return null;
    if (reply.type !== 'renewed') return KEPT;
    return broken(moment, () => ({
      message: `a heartbeat of ${tell.tenure(tenure)} was renewed after the session was ended`,
      ...undone(moment, tenure, standing.call),
    }));
  }
  if (standing.type !== 'held') return null;
  const treatment = treatmentOf(tenure, operation, bounds);
  if (treatment === 'ended' && !lookup.endWasSent(scope, tenure.id, tenure.term, operation.to)) {
    return broken(moment, () => ({
      message: `${tell.tenure(tenure)} was told that it had been ended, and its client never ended it`,
      ...(before.strayEnd === null
        ? {
            cause: 'end-invented',
            why: 'no end of that session was sent',
            fix: 'answer ended only for a session whose row an end has changed',
          }
        : foreignEnd(moment, tenure, 'an end of another session came before')),
      calls: [tenure.call, before.strayEnd],
    }));
  }
  if (before.strayEnd === null || treatment === null || !unexpired(tenure, operation, bounds)) return null;
  if (treatment === 'live') return KEPT;
  return broken(moment, () => ({
    message: `${tell.tenure(tenure)} lost the seat after an end that named another session`,
    ...foreignEnd(
      moment,
      tenure,
      'no call ended it or took it over, it had not expired, and an end of another session came after its last acknowledged request',
    ),
    calls: [tenure.sign.call, before.strayEnd],
  }));
}

function unended({ tell }: CallMoment, tenure: Tenure, why: string | undefined): Because {
  const seen = tell.lastRequest(tenure);
  if (why === 'expired') {
    return {
      cause: 'end-judged-expired',
      why: seen,
      fix: 'let an end find its session whatever its age, and write its end',
    };
  }
  return {
    cause: 'end-finds-nothing',
    why: seen,
    fix: `look the session of an end up by the ${tell.key(tenure)} that its start was granted, and write its end`,
  };
}

function undone({ operation, lookup, tell }: CallMoment, tenure: Tenure, ended: number): Because & Pick<Told, 'calls'> {
  const end = lookup.operation(ended);
  const at = tenure.standing.type === 'released' ? tell.instant(tenure.standing.at) : '';
  const other = heartbeatDuring(end, lookup.evidence.operations);
  if (other !== null) {
    return {
      cause: 'end-overwritten',
      why: `it was ended at ${at}, while a heartbeat of the session was under way, which wrote the session back`,
      fix: keepEnded(other),
      calls: [ended, other.call],
    };
  }
  return {
    cause: 'end-ignored',
    why: `it was ended at ${at}, and this heartbeat came after that`,
    fix: isOneStatement(operation)
      ? 'add the condition that the session has not ended to the WHERE clause of the heartbeat’s statement'
      : 'renew in one statement whose condition includes that the session has not ended, or delete the row in the end',
    calls: [ended],
  };
}

function foreignEnd({ before, lookup, tell }: CallMoment | RowMoment, tenure: Tenure, why: string): Because {
  const end = before.strayEnd === null ? null : lookup.operation(before.strayEnd);
  return {
    cause: 'foreign-end-applied',
    why,
    fix: isOneStatement(end)
      ? `add the ${tell.key(tenure)} of the request to the WHERE clause of the end’s statement`
      : `end in one statement, only the row that carries the ${tell.key(tenure)} of the request`,
  };
}

function onRow(moment: RowMoment): Sighting | null {
  const { stored, before, since, lookup, tell } = moment;
  const { tenure } = before;
  if (tenure === null || !since.some(({ command }) => command.type === 'end')) return null;
  const shown = names(tenure, stored) ? stored?.standing.type : undefined;
  const { standing } = tenure;
  if (standing.type === 'released') {
    if (shown === undefined || shown === 'released') return KEPT;
    return broken(moment, () => {
      const other = heartbeatDuring(lookup.operation(standing.call), lookup.evidence.operations);
      return {
        message: `${tell.tenure(tenure)} was ended, and the store still has it as ${shown}`,
        why: `the end was acknowledged at ${tell.instant(standing.at)}${other === null ? '' : ', and a heartbeat of the session was under way'}`,
        ...(other === null
          ? { cause: 'end-not-written', fix: 'answer ended only after the end is written and committed' }
          : { cause: 'end-lost-to-heartbeat', fix: keepEnded(other) }),
        calls: [standing.call, other?.call],
      };
    });
  }
  if (standing.type !== 'held' || before.strayEnd === null) return null;
  if (shown !== undefined && shown !== 'released') return KEPT;
  return broken(moment, () => ({
    message: `an end that named another session ended ${tell.tenure(tenure)}`,
    ...foreignEnd(moment, tenure, shown === 'released' ? 'its row stands as released' : 'its row is gone'),
    calls: [tenure.sign.call, before.strayEnd],
  }));
}

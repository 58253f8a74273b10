/** P22: a missing heartbeat means released, and creation never passes through it. */
import { staysClosed } from './bounds.ts';
import { withoutRows } from './lookup.ts';
import { names } from './ledger.ts';
import { broken, KEPT, type CallMoment, type Rule, type RowMoment, type Sighting } from './rule.ts';

export const ONE_MEANING_OF_NULL: Rule = {
  code: 'P22',
  name: 'one meaning of null',
  kind: 'safety',
  needs: { rows: true },
  statement: 'a missing heartbeat means released, and the creation of a session never passes through it',
  onCall,
  onRow,
  unjudgeable: withoutRows,
};

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, tell } = moment;
  const { tenure } = before;
  const { reply } = operation.answer;
  if (tenure === null) return null;
  const { standing } = tenure;
  if (standing.type !== 'released') return null;
  if (reply.type === 'granted') return KEPT;
  if (reply.type !== 'refused' && reply.type !== 'active') return null;
  if (reply.type === 'refused' && (reply.reason ?? 'grace') === 'grace' && staysClosed(tenure, operation)) return null;
  if (reply.type === 'active' && !names(tenure, reply.holder)) return null;
  const freed = `${tell.tenure(tenure)} was ended at ${tell.instant(standing.at)}, and no start was granted the seat since`;
  if (reply.type === 'active') {
    return broken(moment, () => ({
      cause: 'released-shown-as-active',
      message: `a status showed ${tell.tenure(tenure)} as active after its end`,
      why: freed,
      fix: 'let the status show a row without a heartbeat as released',
      calls: [standing.call],
    }));
  }
  return broken(moment, () => ({
    cause: 'released-blocks',
    message: `a released seat was not free: ${tell.caller(operation)} was refused`,
    why: freed,
    fix: 'let a start grant the seat where its row has no heartbeat: NULL means released, not a session that never expires',
    calls: [standing.call],
  }));
}

function onRow(moment: RowMoment): Sighting | null {
  const { stored, before, scope, lookup, tell, since } = moment;
  const { tenure } = before;
  if (stored === null) return null;
  const { session, term, standing } = stored;
  const shown = `the session of ${tell.tenure(stored)}`;
  if (standing.type === 'released') {
    if (lookup.endWasSent(scope, session, term, moment.position)) return KEPT;
    const created = names(tenure, stored) && since.some(({ call }) => call === tenure?.call);
    return broken(moment, () => ({
      message: `the store holds ${shown} as released, and its client never ended it`,
      ...(created
        ? {
            cause: 'created-as-released',
            why: 'its start was just granted, and the row has no heartbeat yet',
            fix: 'write the row of a new session together with its first heartbeat, in one statement',
          }
        : {
            cause: 'released-without-end',
            why: 'no end of that session and term was sent',
            fix: 'clear the heartbeat in the end of that session only; give a swept or replaced session a mark of its own',
          }),
      calls: [tenure?.call],
    }));
  }
  // A design may leave the time out of its row, although the type has it.
  if (!Number.isFinite(standing.lastHeartbeat)) {
    return broken(moment, () => ({
      cause: 'held-without-heartbeat',
      message: `the store holds ${shown} as ${standing.type} without a heartbeat`,
      why: 'without one its age is unknown, so it never expires or reads as released',
      fix: 'write the row of a new session together with its first heartbeat, in one statement',
      calls: [tenure?.call],
    }));
  }
  return since.some(({ command }) => command.type === 'start') ? KEPT : null;
}

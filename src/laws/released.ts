/** P22: a missing heartbeat means released, and creation never passes through it. */
import { staysClosed } from './bounds.ts';
import { names } from './ledger.ts';
import { broken, KEPT, type CallMoment, type Rule, type RowMoment, type Sighting } from './rule.ts';

export const ONE_MEANING_OF_NULL: Rule = {
  code: 'P22',
  name: 'one meaning of null',
  kind: 'safety',
  statement: 'a missing heartbeat means released, and the creation of a session never passes through it',
  onCall,
  onRow,
  unjudgeable: ({ store }) => (store !== null ? null : 'nothing is recorded of what the store held'),
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
  if (reply.type === 'refused' && reply.reason === 'grace' && staysClosed(tenure, operation)) return null;
  if (reply.type === 'active' && !names(tenure, reply.holder)) return null;
  return broken(moment, () => ({
    message: `a released seat was not free: ${tell.caller(operation)} was answered ${reply.type}`,
    why: `${tell.tenure(tenure)} was ended at ${tell.instant(standing.at)}, and nobody was granted the seat since`,
    fix: 'read a missing heartbeat as released, never as a session that does not expire',
    calls: [standing.call],
  }));
}

function onRow(moment: RowMoment): Sighting | null {
  const { row, before, scope, lookup, tell, since } = moment;
  const { tenure } = before;
  const latest = row?.seat.latest;
  if (row === null || !latest) return null;
  const shown = `${tell.device(latest.device)} (term ${row.seat.term})`;
  if (latest.standing.type === 'released') {
    if (lookup.endWasSent(scope, latest.id, row.seat.term, moment.position)) return KEPT;
    return broken(moment, () => ({
      message: `the store holds the session of ${shown} as released, and its client never ended it`,
      why: names(tenure, { session: latest.id, term: row.seat.term })
        ? 'a session that was just granted must not stand without a heartbeat'
        : 'no end of that session and term was sent',
      fix: 'write the row of a new session together with its first heartbeat, in one statement',
      calls: [tenure?.call],
    }));
  }
  // Rows come from any design; what the type promises, a store may have left out.
  if (!Number.isFinite(latest.standing.lastHeartbeat)) {
    return broken(moment, () => ({
      message: `the store holds the session of ${shown} as ${latest.standing.type} without a heartbeat`,
      why: 'without one nobody can tell whether it expired',
      fix: 'write the row of a new session together with its first heartbeat, in one statement',
      calls: [tenure?.call],
    }));
  }
  return since.some(({ command }) => command.type === 'start') ? KEPT : null;
}

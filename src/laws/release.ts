/** P16: an end ends its own session and nothing else. */
import { mayReplace, unexpired } from './bounds.ts';
import { names } from './ledger.ts';
import { broken, KEPT, type CallMoment, type Rule, type RowMoment, type Sighting } from './rule.ts';
import { treatmentOf } from './treatment.ts';

export const SCOPED_RELEASE: Rule = {
  code: 'P16',
  name: 'scoped release',
  kind: 'safety',
  statement: 'ending is idempotent and ends only its own session and term; no heartbeat in flight undoes it',
  onCall,
  onRow,
};

const FIX = 'end with a condition on session and term in the statement itself';

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, scope, bounds, lookup, tell } = moment;
  const { command, answer } = operation;
  const { reply } = answer;
  const { tenure } = before;
  if (command.type === 'end') {
    if (reply.type === 'failed') return null;
    const own = tenure !== null && names(tenure, command);
    if (own && reply.type === 'gone' && tenure.standing.type === 'held' && unexpired(tenure, operation, bounds)) {
      return broken(moment, () => ({
        message: `the end of ${tell.tenure(tenure)} was answered gone, ${reply.why}, although the session was live`,
        why: `its last sign of life was acknowledged at ${tell.instant(tenure.sign.latest)}`,
        fix: FIX,
        calls: [tenure.sign.call],
      }));
    }
    // That an end was answered proves nothing: what it ended shows afterwards.
    return null;
  }
  if (tenure === null) return null;
  const { standing } = tenure;
  if (standing.type === 'released') {
    if (command.type === 'start') {
      return reply.type === 'granted' && !mayReplace(tenure, command, bounds) ? KEPT : null;
    }
    if (command.type === 'status') return reply.type === 'idle' ? KEPT : null;
    if (command.type !== 'heartbeat' || !names(tenure, command)) return null;
    if (reply.type !== 'renewed') return KEPT;
    return broken(moment, () => ({
      message: `a heartbeat undid the end of ${tell.tenure(tenure)}`,
      why: `it was ended at ${tell.instant(standing.at)} and renewed after that`,
      fix: 'let a heartbeat update only a row that stands as held',
      calls: [standing.call],
    }));
  }
  if (standing.type !== 'held') return null;
  const treatment = treatmentOf(tenure, operation, bounds);
  if (treatment === 'ended' && !lookup.endWasSent(scope, tenure.id, tenure.term, operation.to)) {
    return broken(moment, () => ({
      message: `${tell.tenure(tenure)} was told that it had been ended, and its client never ended it`,
      why: before.strayEnd === null ? 'no end of that session and term was sent' : 'an end of another session had come',
      fix: FIX,
      calls: [tenure.call, before.strayEnd],
    }));
  }
  if (before.strayEnd === null || treatment === null || !unexpired(tenure, operation, bounds)) return null;
  if (treatment === 'live') return KEPT;
  return broken(moment, () => ({
    message: `${tell.tenure(tenure)} lost the seat after an end that named another session`,
    why: 'nobody ended it, took it over or let it expire, and an end of another session had come since its last sign of life',
    fix: FIX,
    calls: [tenure.sign.call, before.strayEnd],
  }));
}

function onRow(moment: RowMoment): Sighting | null {
  const { row, before, since, tell } = moment;
  const { tenure } = before;
  const latest = row?.seat.latest;
  if (tenure === null || !since.some(({ command }) => command.type === 'end')) return null;
  const same = row !== null && !!latest && names(tenure, { session: latest.id, term: row.seat.term });
  const { standing } = tenure;
  if (standing.type === 'released') {
    if (!same || latest.standing.type === 'released') return KEPT;
    return broken(moment, () => ({
      message: `${tell.tenure(tenure)} was ended, and the store still has it as ${latest.standing.type}`,
      why: `the end was acknowledged at ${tell.instant(standing.at)}`,
      fix: FIX,
      calls: [standing.call],
    }));
  }
  if (standing.type !== 'held' || before.strayEnd === null) return null;
  if (same && latest.standing.type !== 'released') return KEPT;
  return broken(moment, () => ({
    message: `an end that named another session ended ${tell.tenure(tenure)}`,
    why: same ? 'its row stands as released' : 'its row is gone',
    fix: FIX,
    calls: [tenure.sign.call, before.strayEnd],
  }));
}

/** P9: of starts that meet, one wins, and whoever ends a live session says so, once. */
import { agesAt, unexpired } from './bounds.ts';
import { names, namesAnother, sessionGranted } from './ledger.ts';
import { broken, KEPT, untold, type CallMoment, type Rule, type RowMoment, type Sighting } from './rule.ts';

export const ONE_TAKEOVER_WINNER: Rule = {
  code: 'P9',
  name: 'one takeover winner',
  kind: 'safety',
  statement:
    'of concurrent starts one ends as holder, and "replaced" is said if and only if this very call ended a live predecessor',
  onCall,
  onRow,
};

const FIX =
  'let the statement that takes the seat report whom it ended, under a lock or a condition on the term it read';

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell, lookup } = moment;
  const { command, answer, call } = operation;
  const { reply } = answer;
  const { tenure } = before;
  const held = tenure !== null && tenure.standing.type === 'held';
  if (command.type === 'heartbeat') {
    if (!held || reply.type !== 'gone' || reply.why !== 'replaced' || !names(tenure, command)) return null;
    return broken(moment, () => ({
      message: `${tell.tenure(tenure)} was told that it had been replaced, and no start had said so`,
      why: 'no answer of a start names it as the session that it ended',
      fix: FIX,
      calls: [tenure.call],
    }));
  }
  if (command.type !== 'start' || (reply.type !== 'granted' && reply.type !== 'refused')) return null;
  const { replaced } = reply;
  if (replaced === undefined)
    return held || lookup.contested.has(call) ? untold('which session a start replaced') : null;
  const caller = tell.caller(operation);
  if (replaced === null) {
    const displaced =
      reply.type === 'granted' &&
      held &&
      !names(tenure, sessionGranted(reply, command, tenure, bounds)) &&
      unexpired(tenure, operation, bounds);
    if (!displaced) return held || lookup.contested.has(call) ? KEPT : null;
    return broken(moment, () => ({
      message: `${caller} ended the live session of ${tell.tenure(tenure)} and did not say so`,
      why: `that session was ${tell.age(agesAt(tenure, operation))} old and had not been ended`,
      fix: FIX,
      calls: [tenure.call],
    }));
  }
  const victim = tell.holder(replaced);
  if (namesAnother(tenure, replaced)) {
    return broken(moment, () => ({
      message: `${caller} was told that it ended ${victim}, which did not have the seat`,
      why: tenure === null ? 'nobody had been granted the seat' : `the seat was with ${tell.tenure(tenure)}`,
      fix: FIX,
      calls: [tenure?.call],
    }));
  }
  if (!held) {
    const end = tenure === null || tenure.standing.type === 'held' ? null : tenure.standing;
    return broken(moment, () => ({
      message: `${caller} was told that it ended ${victim}, which was over already`,
      why: end === null ? null : `it was ${end.type} at ${tell.instant(end.at)} by an earlier call`,
      fix: FIX,
      calls: [end?.call],
    }));
  }
  // Where a job clears the seat, an expired session has it until the job came by.
  if (!bounds.swept && agesAt(tenure, operation).least >= bounds.boundary) {
    return broken(moment, () => ({
      message: `${caller} was told that it ended a live session of ${victim}, which had expired`,
      why: `its last sign of life was ${tell.age(agesAt(tenure, operation))} old, and the timeout is ${tell.duration(bounds.timeout)}`,
      fix: FIX,
      calls: [tenure.sign.call],
    }));
  }
  const { device = tenure.device } = replaced;
  if (device !== tenure.device) {
    return broken(moment, () => ({
      message: `${caller} was told that it ended a session of ${tell.device(device)}, which was one of ${tell.device(tenure.device)}`,
      fix: FIX,
      calls: [tenure.call],
    }));
  }
  return KEPT;
}

function onRow(moment: RowMoment): Sighting | null {
  const { row, before, tell } = moment;
  const { tenure } = before;
  const latest = row?.seat.latest;
  if (row === null || !latest) return null;
  const { standing } = latest;
  if (standing.type !== 'revoked') return null;
  if (!names(tenure, { session: latest.id, term: row.seat.term })) return null;
  if (tenure?.standing.type !== 'held') return KEPT;
  return broken(moment, () => ({
    message: `the store holds ${tell.tenure(tenure)} as taken over by ${tell.device(standing.revokedBy)}, and no start was told so`,
    why: 'no answer of a start names it as the session that it ended',
    fix: FIX,
    calls: [tenure.call],
  }));
}

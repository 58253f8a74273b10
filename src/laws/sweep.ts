/** P19: a sweep ends only what has expired when it writes. */
import { agesAt, unexpired } from './bounds.ts';
import { scopeKey } from './evidence.ts';
import { names } from './ledger.ts';
import { broken, KEPT, untold, type CallMoment, type Rule, type RowMoment, type Sighting } from './rule.ts';

export const CONDITIONAL_SWEEP: Rule = {
  code: 'P19',
  name: 'conditional sweep',
  kind: 'safety',
  statement: 'a sweep ends only what is expired when it writes; a heartbeat and a sweep never both succeed for one age',
  onCall,
  onRow,
};

const FIX = 'repeat the condition that the session has expired in the statement of the sweep that removes it';

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, scope, bounds, lookup, tell } = moment;
  const { command, answer } = operation;
  const { reply } = answer;
  const { tenure } = before;
  const held = tenure !== null && tenure.standing.type === 'held';
  const standing = tenure?.standing;
  if (command.type === 'heartbeat' && reply.type === 'renewed' && tenure !== null && standing?.type === 'swept') {
    if (!names(tenure, command)) return null;
    return broken(moment, () => ({
      cause: 'renewed-after-sweep',
      message: `a heartbeat of ${tell.tenure(tenure)} was renewed after a sweep had removed the session`,
      why: `the sweep removed it at ${tell.instant(standing.at)}`,
      fix: 'put the condition that the session is still held into the UPDATE of the heartbeat, and answer gone when it matches no row',
      calls: [standing.call],
    }));
  }
  if (command.type === 'heartbeat' && reply.type === 'renewed' && held && names(tenure, command)) {
    // Where a job cleans up, a session counts until the job has run, so a renewal before that is right.
    if (bounds.swept || !lookup.hasSweeps) return null;
    const ages = agesAt(tenure, operation);
    if (ages.least < bounds.boundary) return null;
    return broken(moment, () => ({
      cause: 'renewed-late',
      message: `a heartbeat of ${tell.tenure(tenure)} was renewed at an age of ${tell.age(ages)}, at which a sweep would have removed it`,
      why: 'the outcome depends on which of the two comes first',
      fix: `reject a heartbeat that comes after expiry: lateHeartbeat: 'reject'`,
      calls: [tenure.sign.call],
    }));
  }
  if (command.type !== 'sweep' || reply.type !== 'swept') return null;
  if (reply.sessions === undefined) return held ? untold('which sessions a sweep removed') : null;
  const here = reply.sessions.filter((swept) => scopeKey(swept.scope) === scopeKey(scope));
  for (const swept of here) {
    if (held && names(tenure, swept)) {
      if (!unexpired(tenure, operation, bounds)) continue;
      return broken(moment, () => ({
        cause: 'removed-alive',
        message: `a sweep removed ${tell.tenure(tenure)}, which was renewed ${tell.age(agesAt(tenure, operation))} before`,
        why: `its last sign of life was acknowledged at ${tell.instant(tenure.sign.latest)}, and the timeout is ${tell.duration(bounds.timeout)}`,
        fix: FIX,
        calls: [tenure.sign.call],
      }));
    }
    return broken(moment, () => ({
      cause: 'removed-another',
      message: `a sweep removed ${tell.holder(swept)}, which did not have ${tell.scope(scope)}`,
      why:
        tenure === null
          ? 'no start had been granted the seat'
          : `the latest grant was that of ${tell.tenure(tenure)}, which stood as ${tenure.standing.type}`,
      fix: FIX,
      calls: [tenure?.call],
    }));
  }
  return held ? KEPT : null;
}

function onRow(moment: RowMoment): Sighting | null {
  const { row, before, tell } = moment;
  const { tenure } = before;
  const latest = row?.seat.latest;
  if (row === null || !latest || latest.standing.type !== 'swept') return null;
  if (tenure === null || !names(tenure, { session: latest.id, term: row.seat.term })) return null;
  if (tenure.standing.type !== 'held') return KEPT;
  return broken(moment, () => ({
    cause: 'swept-unreported',
    message: `the store holds ${tell.tenure(tenure)} as swept, and no sweep reported it`,
    why: `its last sign of life was acknowledged at ${tell.instant(tenure.sign.latest)}`,
    fix: FIX,
    calls: [tenure.sign.call],
  }));
}

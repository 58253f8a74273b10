/** P5: an acknowledged heartbeat keeps its session for the timeout. */
import { agesAt } from './bounds.ts';
import { names } from './ledger.ts';
import { broken, KEPT, type CallMoment, type Rule, type RowMoment, type Sighting } from './rule.ts';
import { treatmentOf } from './treatment.ts';

export const DURABLE_HEARTBEAT: Rule = {
  code: 'P5',
  name: 'durable heartbeat',
  kind: 'safety',
  statement:
    'a heartbeat acknowledged at s keeps its session from expiring before s + T, unless it ends or is taken over',
  onCall,
  onRow,
  plain: { call: true, row: true },
};

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell } = moment;
  const { tenure } = before;
  if (tenure === null || tenure.standing.type !== 'held' || tenure.sign.kind !== 'heartbeat') return null;
  const treatment = treatmentOf(tenure, operation, bounds);
  if (treatment === null) return null;
  const ages = agesAt(tenure, operation);
  if (treatment === 'live' || ages.most >= bounds.timeout) return KEPT;
  return broken(moment, () => ({
    message: `${tell.tenure(tenure)} lost the seat ${tell.age(ages)} after an acknowledged heartbeat`,
    why: `the heartbeat was renewed at ${tell.instant(tenure.sign.latest)}, the timeout is ${tell.duration(bounds.timeout)}, and nobody ended the session or took it over; now the answer is ${operation.answer.reply.type}`,
    fix: 'answer renewed only after the commit, and judge expiry from the row as it is when the verdict is written',
    calls: [tenure.sign.call],
  }));
}

function onRow(moment: RowMoment): Sighting | null {
  const { row, before, tell } = moment;
  const { tenure } = before;
  const latest = row?.seat.latest;
  if (row === null || !latest || tenure === null || latest.standing.type !== 'held') return null;
  if (tenure.standing.type !== 'held' || tenure.sign.kind !== 'heartbeat') return null;
  if (!names(tenure, { session: latest.id, term: row.seat.term })) return null;
  const { lastHeartbeat } = latest.standing;
  if (lastHeartbeat >= tenure.sign.earliest) return KEPT;
  return broken(moment, () => ({
    message: `the store dates the last heartbeat of ${tell.tenure(tenure)} ${tell.instant(lastHeartbeat)}, earlier than the one acknowledged at ${tell.instant(tenure.sign.latest)}`,
    why: `the session will expire ${tell.duration((tenure.sign.earliest - lastHeartbeat) as typeof moment.bounds.timeout)} too early`,
    fix: 'write the time of the heartbeat in the statement that is acknowledged, read from the clock when the row is locked',
    calls: [tenure.sign.call],
  }));
}

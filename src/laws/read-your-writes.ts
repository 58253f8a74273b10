/** P7: a granted session is found by every way of looking it up. */
import { agesAt, unexpired } from './bounds.ts';
import { names } from './ledger.ts';
import { broken, KEPT, type CallMoment, type Rule, type RowMoment, type Sighting } from './rule.ts';
import { treatmentOf } from './treatment.ts';

export const READ_YOUR_WRITES: Rule = {
  code: 'P7',
  name: 'read your writes',
  kind: 'safety',
  statement: 'once a start has answered, every way of looking it up finds that session, or a recorded later end',
  onCall,
  onRow,
  plain: { call: true, row: true },
};

const FIX = 'answer a start only after its session is committed, and look sessions up in that same place';

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, scope, bounds, lookup, tell } = moment;
  const { tenure } = before;
  const { reply } = operation.answer;
  const live = tenure?.standing.type === 'held' && unexpired(tenure, operation, bounds);
  if (!live) {
    if (reply.type !== 'active' || names(tenure, reply.holder)) return null;
    const { holder } = reply;
    if (holder?.session === undefined || lookup.wasGranted(scope, holder, operation.from)) return null;
    return broken(moment, () => ({
      message: `a look-up found ${tell.holder(holder)} on ${tell.scope(scope)}, which no start was granted`,
      why: tenure === null ? 'nobody was ever granted the seat' : `the last grant was that of ${tell.tenure(tenure)}`,
      fix: FIX,
    }));
  }
  const treatment = treatmentOf(tenure, operation, bounds);
  if (treatment === null) return null;
  if (treatment !== 'unknown' && reply.type !== 'idle') return KEPT;
  return broken(moment, () => ({
    message: `${tell.tenure(tenure)} had been granted ${tell.scope(scope)}, and a ${operation.command.type} did not find it`,
    why: `its last sign of life was acknowledged ${tell.age(agesAt(tenure, operation))} before, no end of it is recorded, and the answer is ${found(moment)}`,
    fix: FIX,
    calls: [tenure.call, tenure.sign.call],
  }));
}

function onRow(moment: RowMoment): Sighting | null {
  const { row, before, scope, tell } = moment;
  const { tenure } = before;
  // An expired session may have been cleared away; whether it had expired when the store was read, nobody recorded.
  if (tenure === null || tenure.standing.type !== 'held') return null;
  const latest = row?.seat.latest;
  if (row !== null && latest && names(tenure, { session: latest.id, term: row.seat.term })) return KEPT;
  const fresh = moment.since.some(({ call }) => call === tenure.sign.call);
  if (!fresh) return null;
  return broken(moment, () => ({
    message: `${tell.tenure(tenure)} was acknowledged on ${tell.scope(scope)}, and the store does not hold it`,
    why: latest
      ? `its row shows ${tell.device(latest.device)} (term ${row?.seat.term ?? 0})`
      : 'it has no row of a session there',
    fix: FIX,
    calls: [tenure.sign.call],
  }));
}

function found({ operation, tell }: CallMoment): string {
  const { reply } = operation.answer;
  if (reply.type === 'active' || reply.type === 'refused') return `${reply.type}, naming ${tell.holder(reply.holder)}`;
  return reply.type === 'gone' && reply.why !== undefined ? `gone, ${reply.why}` : reply.type;
}

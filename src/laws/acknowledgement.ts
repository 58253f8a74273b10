/** P6: an acknowledgement says what was written, and nothing is written without one. */
import { names } from './ledger.ts';
import { broken, KEPT, type CallMoment, type Rule, type RowMoment, type Sighting } from './rule.ts';

export const HONEST_ACKNOWLEDGEMENT: Rule = {
  code: 'P6',
  name: 'honest acknowledgement',
  kind: 'safety',
  statement: 'a heartbeat is answered renewed if and only if exactly one row of its session and term was updated',
  onCall,
  onRow,
  plain: { row: true },
  unjudgeable: ({ store }) => (store !== null ? null : 'nothing is recorded of what the store held'),
};

const FIX = 'answer renewed only when the update reports exactly one row';

function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, scope, lookup, tell } = moment;
  const { command, answer, from } = operation;
  const { reply } = answer;
  if (command.type !== 'heartbeat') return null;
  const known = names(before.tenure, command) || lookup.wasGranted(scope, command, from);
  if (reply.type !== 'renewed') return known ? null : KEPT;
  if (!known) {
    return broken(moment, () => ({
      message: `a heartbeat of ${tell.session(command)} was renewed although no start was granted it`,
      why: 'there is no row of that session and term that it could have updated',
      fix: FIX,
    }));
  }
  if (reply.term === undefined || command.term === null || reply.term === command.term) return null;
  return broken(moment, () => ({
    message: `a heartbeat of ${tell.session(command)} was renewed for term ${reply.term}`,
    why: 'the answer names another term than the heartbeat',
    fix: FIX,
  }));
}

function onRow(moment: RowMoment): Sighting | null {
  const { row, before, since, tell } = moment;
  const { tenure } = before;
  if (tenure === null || tenure.standing.type !== 'held') return null;
  const { sign } = tenure;
  const heartbeats = since.filter(({ command }) => command.type === 'heartbeat');
  const latest = row?.seat.latest;
  const same = row !== null && !!latest && names(tenure, { session: latest.id, term: row.seat.term });
  const renewedSince = heartbeats.some(({ call }) => call === sign.call);
  if (!same || latest.standing.type !== 'held') {
    if (!renewedSince) return null;
    return broken(moment, () => ({
      message: `a heartbeat of ${tell.tenure(tenure)} was renewed at ${tell.instant(sign.latest)}, and the store holds no such session`,
      why: 'no row of that session and term stands as held',
      fix: FIX,
      calls: [sign.call],
    }));
  }
  const { lastHeartbeat } = latest.standing;
  if (lastHeartbeat >= sign.earliest && lastHeartbeat <= sign.latest) return heartbeats.length > 0 ? KEPT : null;
  if (lastHeartbeat > sign.latest) {
    return broken(moment, () => ({
      message: `the store moved the heartbeat of ${tell.tenure(tenure)} to ${tell.instant(lastHeartbeat)}, and no answer said so`,
      why: `its last acknowledged sign of life came at ${tell.instant(sign.latest)}`,
      fix: 'let nothing but an acknowledged heartbeat of that session and term move it',
      calls: [sign.call],
    }));
  }
  return broken(moment, () => ({
    message: `${tell.tenure(tenure)} was acknowledged at ${tell.instant(sign.latest)}, and its row still says ${tell.instant(lastHeartbeat)}`,
    why: 'the answer reports a write that did not take place',
    fix: FIX,
    calls: [sign.call],
  }));
}

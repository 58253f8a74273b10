/** P6: an acknowledgement says what was written, and nothing is written without one. */
import type { Instant } from '../core/time.ts';
import type { SeatRow } from '../history/history.ts';
import { names, type Tenure } from './ledger.ts';
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
      cause: 'unknown-session',
      message: `a heartbeat of ${tell.session(command)} was renewed although no start was granted it`,
      why: 'there is no row of that session and term that it could have updated',
      fix: FIX,
    }));
  }
  if (reply.term === undefined || command.term === null || reply.term === command.term) return null;
  return broken(moment, () => ({
    cause: 'other-term',
    message: `a heartbeat of ${tell.session(command)} was renewed for term ${reply.term}`,
    why: 'the answer names another term than the heartbeat',
    fix: FIX,
  }));
}

function onRow(moment: RowMoment): Sighting | null {
  const { row, rowBefore, before, since, tell } = moment;
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
      cause: 'no-row',
      message: `a heartbeat of ${tell.tenure(tenure)} was renewed at ${tell.instant(sign.latest)}, and the store holds no such session`,
      why: 'no row of that session and term stands as held',
      fix: FIX,
      calls: [sign.call],
    }));
  }
  const { lastHeartbeat } = latest.standing;
  if (lastHeartbeat >= sign.earliest && lastHeartbeat <= sign.latest) return heartbeats.length > 0 ? KEPT : null;
  const unmoved = heartbeatIn(rowBefore, tenure) === lastHeartbeat;
  // A time that was written and is wrong is no matter of acknowledgement; the laws of expiry speak of it.
  if (unmoved && renewedSince && lastHeartbeat < sign.earliest) {
    return broken(moment, () => ({
      cause: 'nothing-written',
      message: `a heartbeat of ${tell.tenure(tenure)} was renewed at ${tell.instant(sign.latest)}, and its row still says ${tell.instant(lastHeartbeat)}, as before`,
      why: 'the answer reports a write that did not take place',
      fix: FIX,
      calls: [sign.call],
    }));
  }
  const refused = heartbeats.find(
    ({ command, answer }) => command.type === 'heartbeat' && names(tenure, command) && answer?.reply.type !== 'renewed',
  );
  const acknowledged = since.some(({ call }) => call === sign.call);
  if (unmoved || lastHeartbeat <= sign.latest || (acknowledged && refused === undefined)) return null;
  return broken(moment, () => ({
    cause: 'written-unacknowledged',
    message: `the row of ${tell.tenure(tenure)} moved to ${tell.instant(lastHeartbeat)} without an acknowledged heartbeat`,
    why:
      `its last acknowledged sign of life came at ${tell.instant(sign.latest)}, ` +
      (refused === undefined
        ? 'and no heartbeat came since'
        : `and a heartbeat since was answered ${refused.answer?.reply.type ?? 'not at all'}`),
    fix: 'update the row only under the condition that decides the answer, and in no other request',
    calls: [sign.call, refused?.call],
  }));
}

/** When the row says that this session was heard of last; null where it does not hold it. */
function heartbeatIn(row: SeatRow | null, tenure: Tenure): Instant | null {
  const latest = row?.seat.latest;
  if (row === null || !latest || latest.standing.type !== 'held') return null;
  return names(tenure, { session: latest.id, term: row.seat.term }) ? latest.standing.lastHeartbeat : null;
}

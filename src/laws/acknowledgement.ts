/** P6: an acknowledgement says what was written, and nothing is written without one. */
import type { Instant } from '../core/time.ts';
import { withoutRows } from './lookup.ts';
import { names, type Tenure } from './ledger.ts';
import { broken, KEPT, type CallMoment, type Rule, type RowMoment, type Sighting } from './rule.ts';
import type { Stored } from './stored.ts';

export const HONEST_ACKNOWLEDGEMENT: Rule = {
  code: 'P6',
  name: 'honest acknowledgement',
  kind: 'safety',
  needs: { rows: true },
  statement: 'a heartbeat is answered renewed if and only if exactly one row of its session and term was updated',
  onCall,
  onRow,
  plain: { row: true },
  unjudgeable: withoutRows,
};

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
      why: 'no reply granted that session, so there is no row of it to update',
      fix: 'answer renewed only when the update reports exactly one row, and gone when it reports none',
    }));
  }
  if (reply.term === undefined || command.term === null || reply.term === command.term) return null;
  return broken(moment, () => ({
    cause: 'other-term',
    message: `a heartbeat of ${tell.session(command)} was renewed for term ${reply.term}`,
    why: `the heartbeat names term ${command.term}, and its answer another one`,
    fix: 'put the term of the heartbeat into the condition of the update, and answer with the term of the updated row',
  }));
}

function onRow(moment: RowMoment): Sighting | null {
  const { stored, storedBefore, before, since, tell } = moment;
  const { tenure } = before;
  if (tenure === null || tenure.standing.type !== 'held') return null;
  const { sign } = tenure;
  const heartbeats = since.filter(({ command }) => command.type === 'heartbeat');
  const renewedSince = heartbeats.some(({ call }) => call === sign.call);
  const lastHeartbeat = heartbeatIn(stored, tenure);
  if (lastHeartbeat === null) {
    if (!renewedSince) return null;
    return broken(moment, () => ({
      cause: 'no-row',
      message: `a heartbeat of ${tell.tenure(tenure)} was renewed at ${tell.instant(sign.latest)}, and the store holds no such session`,
      why:
        stored !== null
          ? `its row stands as ${stored.standing.type} or belongs to another session`
          : 'it has no row of a session there',
      fix: 'answer renewed only when the update reports exactly one row, and gone when it reports none',
      calls: [sign.call],
    }));
  }
  if (lastHeartbeat >= sign.earliest && lastHeartbeat <= sign.latest) return heartbeats.length > 0 ? KEPT : null;
  const unmoved = heartbeatIn(storedBefore, tenure) === lastHeartbeat;
  // A wrong time that was written breaks the laws of expiry, not this one.
  if (unmoved && renewedSince && lastHeartbeat < sign.earliest) {
    return broken(moment, () => ({
      cause: 'nothing-written',
      message: `a heartbeat of ${tell.tenure(tenure)} was renewed at ${tell.instant(sign.latest)}, and its row still says ${tell.instant(lastHeartbeat)}, as before`,
      why: 'the answer reports a write that the store does not show',
      fix: 'answer renewed only after an update of the row has reported one row and is committed',
      calls: [sign.call],
    }));
  }
  const refused = heartbeats.find(
    ({ command, answer }) => command.type === 'heartbeat' && names(tenure, command) && answer?.reply.type !== 'renewed',
  );
  const acknowledged = since.some(({ call }) => call === sign.call);
  if (unmoved || lastHeartbeat <= sign.latest || (acknowledged && refused === undefined)) return null;
  return broken(moment, () => {
    const message = `the row of ${tell.tenure(tenure)} moved to ${tell.instant(lastHeartbeat)} without an acknowledged heartbeat`;
    const last = `the last acknowledged request came at ${tell.instant(sign.latest)}`;
    if (refused === undefined) {
      return {
        cause: 'written-without-heartbeat',
        message,
        why: `${last}, and no heartbeat came since`,
        fix: 'write the time of the last heartbeat in heartbeats and granted starts only, not when a session is looked up or touched otherwise',
        calls: [sign.call],
      };
    }
    return {
      cause: 'written-and-rejected',
      message,
      why: `${last}, and a heartbeat since was answered ${refused.answer?.reply.type ?? 'not at all'}`,
      fix: 'update the row under the condition that decides the answer, in one statement, and roll back what an error leaves behind',
      calls: [sign.call, refused.call],
    };
  });
}

/** The last heartbeat that the row shows; null where it does not hold the session. */
function heartbeatIn(stored: Stored | null, tenure: Tenure): Instant | null {
  return stored?.standing.type === 'held' && names(tenure, stored) ? stored.standing.lastHeartbeat : null;
}

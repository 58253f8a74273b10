/** P5: an acknowledged heartbeat keeps its session for the timeout. */
import type { Duration } from '../core/time.ts';
import { memoryLost } from './process-memory.ts';
import { agesAt, mayReplace } from './bounds.ts';
import { names, type Tenure } from './ledger.ts';
import { meetingOf } from './meeting.ts';
import { broken, KEPT, type Because, type CallMoment, type Rule, type RowMoment, type Sighting } from './rule.ts';
import { treatmentOf, type Treatment } from './treatment.ts';

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
    ...lostBy(moment, tenure, treatment),
    calls: [tenure.sign.call],
  }));
}

function lostBy(moment: CallMoment, tenure: Tenure, treatment: Treatment): Because {
  const { operation, lookup, bounds, tell } = moment;
  const { command, answer } = operation;
  const renewed = `the heartbeat was renewed at ${tell.instant(tenure.sign.latest)}, and the timeout is ${tell.duration(bounds.timeout)}`;
  const timeout = tell.duration(bounds.timeout);
  const sign = lookup.operation(tenure.sign.call);
  const lost = memoryLost(sign, operation, lookup.evidence);
  if (lost !== null) {
    return {
      cause: 'heartbeat-in-memory',
      why: `${renewed}; ${lost}`,
      fix: 'write the heartbeat to the store before it is answered, not only to the memory of a process',
    };
  }
  const failure = sign === null ? null : lookup.storeFailure(sign.calledAt, answer.at);
  const commit =
    'answer renewed only after the heartbeat is committed, and commit durably (synchronous_commit, a synchronous standby)';
  if (failure === 'emptied') {
    return { cause: 'heartbeat-uncommitted', why: `${renewed}; the store lost its rows since`, fix: commit };
  }
  if (failure === 'failed') {
    // The same History follows from a write that was lost and from a session that expires too early.
    return {
      cause: 'heartbeat-lost-or-expired',
      why: `${renewed}; the store failed since, and the ${command.type} did not count the heartbeat`,
      fix: `${commit}; if it is, let a ${command.type} compare ${timeout} with the age of the last heartbeat`,
    };
  }
  const meets = sign !== null && meetingOf(sign, operation) !== 'apart';
  const overlapped = meets ? `, and the ${command.type} overlapped the heartbeat` : '';
  if (command.type === 'sweep') {
    return {
      cause: 'renewed-session-swept',
      why: `${renewed}; a sweep removed the session${overlapped}`,
      fix: meets
        ? 'repeat the condition that the session has expired in the statement of the sweep that removes it'
        : `let the sweep remove only sessions whose last heartbeat is at least ${timeout} old, by the column that heartbeats write`,
    };
  }
  if (command.type === 'start' && answer.reply.type === 'granted') {
    if (mayReplace(tenure, command, bounds)) {
      return {
        cause: 'renewed-session-replaced-untold',
        why: `${renewed}; ${tell.caller(operation)} was granted the seat, and the reply names no session as replaced`,
        fix: 'return the live session that the start replaces in its reply',
      };
    }
    return {
      cause: 'renewed-session-passed-over',
      why: `${renewed}; ${tell.caller(operation)} was granted the seat as if it had expired${overlapped}`,
      fix: meets
        ? 'repeat the condition that the holder has expired in the statement that grants the seat'
        : `let a start compare ${timeout} with the age of the last heartbeat, not with that of the start or of an older copy`,
    };
  }
  switch (treatment) {
    case 'ended':
    case 'replaced':
      return {
        cause: 'loss-invented',
        why: `${renewed}; the answer says that the session was ${treatment}, and no call ${treatment} it`,
        fix: 'answer that a session was ended or replaced only from a row that an end or a start wrote',
      };
    case 'unknown':
      return {
        cause: 'renewed-session-unknown',
        why: `${renewed}; the ${command.type} did not find the session that the heartbeat had renewed`,
        fix: 'look the session up where the heartbeat writes it, by the same key, and not in a replica or a cache',
      };
    case 'live':
    case 'expired':
      return {
        cause: 'renewed-session-expired',
        why: `${renewed}; the ${command.type} treated the session as expired${overlapped}`,
        fix: `let a ${command.type} compare ${timeout} with the age of the last heartbeat, by the column that heartbeats write and the clock of the store`,
      };
  }
}

function onRow(moment: RowMoment): Sighting | null {
  const { stored, before, tell, since } = moment;
  const { tenure } = before;
  if (tenure === null || stored?.standing.type !== 'held') return null;
  if (tenure.standing.type !== 'held' || tenure.sign.kind !== 'heartbeat') return null;
  if (!names(tenure, stored)) return null;
  const { lastHeartbeat } = stored.standing;
  if (lastHeartbeat >= tenure.sign.earliest) return KEPT;
  return broken(moment, () => {
    const early = tell.duration((tenure.sign.earliest - lastHeartbeat) as Duration);
    const others = since.filter(({ command, call }) => command.type === 'heartbeat' && call !== tenure.sign.call);
    return {
      message: `the store dates the last heartbeat of ${tell.tenure(tenure)} at ${tell.instant(lastHeartbeat)}, earlier than the one acknowledged at ${tell.instant(tenure.sign.latest)}`,
      ...(others.length > 0
        ? {
            cause: 'older-heartbeat-won',
            why: `${others.length + 1} heartbeats came before the row was read, and an earlier time was written last, so the session would expire ${early} too early`,
            fix: 'never move the time of the last heartbeat back: write the later of the old and the new time (GREATEST)',
          }
        : {
            cause: 'earlier-time-written',
            why: `the session would expire ${early} too early`,
            fix: 'write the time of the heartbeat in the statement that is acknowledged, from the clock of the store as it is then',
          }),
      calls: [tenure.sign.call, ...others.map(({ call }) => call)],
    };
  });
}

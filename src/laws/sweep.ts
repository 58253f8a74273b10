/** P19: a sweep ends only what has expired when it writes. */
import { agesAt, unexpired } from './bounds.ts';
import { scopeKey } from './evidence.ts';
import { names, type Tenure } from './ledger.ts';
import { isOneStatement, meetingOf } from './meeting.ts';
import {
  broken,
  KEPT,
  untold,
  type Because,
  type CallMoment,
  type Rule,
  type RowMoment,
  type Sighting,
} from './rule.ts';

export const CONDITIONAL_SWEEP: Rule = {
  code: 'P19',
  name: 'conditional sweep',
  kind: 'safety',
  needs: { request: 'sweep', told: 'which sessions a sweep removed' },
  statement: 'a sweep ends only what is expired when it writes; a heartbeat and a sweep never both succeed for one age',
  onCall,
  onRow,
};

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
      cause: 'swept-session-renewed',
      message: `a heartbeat of ${tell.tenure(tenure)} was renewed after a sweep had removed the session`,
      why: `the sweep removed it at ${tell.instant(standing.at)}`,
      fix: isOneStatement(operation)
        ? 'let the statement of the heartbeat change only a row that no sweep has marked, never insert it, and answer gone when it changes none'
        : 'renew in one UPDATE that requires that the session is still held, and answer gone when it changes no row',
      calls: [standing.call],
    }));
  }
  if (command.type === 'heartbeat' && reply.type === 'renewed' && held && names(tenure, command)) {
    // Where a job cleans up, a session counts until the job has run, so a renewal before that is right.
    if (bounds.swept || !lookup.hasSweeps) return null;
    const ages = agesAt(tenure, operation);
    if (ages.least < bounds.boundary) return null;
    return broken(moment, () => ({
      ...(bounds.policy.lateHeartbeat === 'revive'
        ? {
            cause: 'late-renewal-declared',
            fix: `reject a heartbeat that comes after expiry, and declare that: lateHeartbeat: 'reject'`,
          }
        : {
            cause: 'late-renewal',
            fix: `put the condition that the session is younger than ${tell.duration(bounds.timeout)} into the statement of the heartbeat`,
          }),
      message: `a heartbeat of ${tell.tenure(tenure)} was renewed at an age of ${tell.age(ages)}, at which a sweep would have removed it`,
      why: 'which of the two comes first decides whether the session goes on',
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
        message: `a sweep removed ${tell.tenure(tenure)}, which was ${tenure.sign.kind === 'start' ? 'granted' : 'renewed'} ${tell.age(agesAt(tenure, operation))} before`,
        ...removedAlive(moment, tenure),
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
      fix: 'return the sessions whose rows the statement of the sweep has removed (RETURNING), not those that a query found before',
      calls: [tenure?.call],
    }));
  }
  return held ? KEPT : null;
}

function removedAlive({ operation, bounds, lookup, tell }: CallMoment, tenure: Tenure): Because {
  const seen = `${tell.lastRequest(tenure)}, and the timeout is ${tell.duration(bounds.timeout)}`;
  const renewal = lookup.operation(tenure.sign.call);
  const meeting = renewal === null ? 'apart' : meetingOf(renewal, operation);
  if (meeting === 'apart') {
    return {
      cause: 'younger-removed',
      why: `${seen}; the two calls did not overlap`,
      fix: `let the sweep remove only sessions whose last heartbeat is ${tell.duration(bounds.timeout)} old, by the column that heartbeats write and the clock of the store`,
    };
  }
  if (isOneStatement(operation)) {
    return {
      cause: 'removed-by-snapshot',
      why: `${seen}; the sweep is one statement and overlapped that request, so it found the session expired in an earlier snapshot`,
      fix: 'put the condition on the age into the WHERE clause of the removed row itself, not into a subquery, so that it is evaluated again after a lock wait',
    };
  }
  return {
    cause: 'removed-after-renewal',
    why: `${seen}; the sweep overlapped that request, so it found the session expired before and removed it after`,
    fix: 'repeat the condition that the session has expired in the statement of the sweep that removes it',
  };
}

function onRow(moment: RowMoment): Sighting | null {
  const { stored, before, tell } = moment;
  const { tenure } = before;
  if (stored?.standing.type !== 'swept' || tenure === null || !names(tenure, stored)) return null;
  if (tenure.standing.type !== 'held') return KEPT;
  return broken(moment, () => ({
    cause: 'swept-unreported',
    message: `the store holds ${tell.tenure(tenure)} as swept, and no sweep reported it`,
    why: `${tell.lastRequest(tenure)}, and no sweep returned the session`,
    fix: 'return every session whose row the sweep marks, and mark rows as swept in sweeps only',
    calls: [tenure.sign.call],
  }));
}

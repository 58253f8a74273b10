/** P11: a session that fell silent does not go on blocking others. */
import type { Policy } from '../core/policy.ts';
import type { Refused } from '../core/reply.ts';
import { after, between } from '../core/time.ts';
import { freeBy, type Bounds } from './bounds.ts';
import { hasCleared, judgeByAge, leftBySweep } from './clean-up.ts';
import { names, type Tenure } from './ledger.ts';
import { broken, KEPT, type Because, type CallMoment, type Rule, type Sighting } from './rule.ts';

export const NO_ORPHAN: Rule = {
  code: 'P11',
  name: 'no orphan',
  kind: 'liveness',
  statement: 'a silent session stops blocking others within timeout + clean-up period + grace',
  onCall,
};

/** Unlike a lock-out, which is judged by what the clean-up did, this holds the clean-up itself to its period. */
function onCall(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, lookup, tell } = moment;
  const { command, answer } = operation;
  const { reply, storeTime, slack } = answer;
  const { tenure } = before;
  if (command.type !== 'start' || tenure === null || tenure.device === command.device) return null;
  if (tenure.standing.type === 'released') return null;
  const free = freeBy(tenure, bounds);
  const swept = hasCleared(tenure, before, bounds);
  const late = swept ? 0 : leewayOf(lookup.evidence.history.policy, bounds);
  if (storeTime - slack < free + late) return null;
  if (reply.type === 'granted') return KEPT;
  // A refusal that names no holder can only mean the session that was granted the seat last.
  if (reply.type !== 'refused' || (reply.holder !== undefined && !names(tenure, reply.holder))) return null;
  const silent = between(tenure.sign.latest, storeTime);
  // No job cleans up in a store that fails, or with a server that is down.
  if (!swept && lookup.troubles.between(answer.at - (silent - bounds.boundary) - slack - late, answer.at)) return null;
  return broken(moment, () => ({
    message: `${tell.tenure(tenure)}, silent for ${tell.duration(silent)}, still kept ${tell.caller(operation)} out of ${tell.scope(moment.scope)}`,
    ...blockedBy(moment, tenure, reply),
    calls: [tenure.sign.call],
  }));
}

function blockedBy(moment: CallMoment, tenure: Tenure, { reason }: Refused): Because {
  const { before, bounds, tell } = moment;
  const free = `by the policy the seat is free from ${tell.instant(freeBy(tenure, bounds))}`;
  if (!hasCleared(tenure, before, bounds)) {
    return {
      cause: 'sweep-overdue',
      why: `the clean-up, due every ${tell.duration(bounds.sweep)}, had not run since the session expired at ${tell.instant(after(tenure.sign.latest, bounds.boundary))}`,
      fix: `run the clean-up as often as declared, or let each start judge the holder itself: cleanUp: 'lazy'`,
    };
  }
  if (reason === 'grace') {
    return {
      cause: 'grace-overrun',
      why: `${free}, the grace included, and the refusal gives the grace as its reason`,
      fix: `end the grace ${tell.duration(tenure.standing.type === 'revoked' ? bounds.graceAfterTakeover : bounds.graceAfterExpiry)} after the ${tenure.standing.type === 'revoked' ? 'takeover' : 'expiry'}, and do not begin it again with each start`,
    };
  }
  if (tenure.standing.type !== 'held') {
    return {
      cause: 'over-and-blocking',
      why: `${free}, and the session was ${tenure.standing.type} before`,
      fix: 'let a start refuse only for a row that still stands as held',
    };
  }
  const left = leftBySweep(moment, tenure, free);
  return left === null
    ? { cause: 'expiry-unseen', why: free, fix: judgeByAge(moment) }
    : { cause: 'sweep-passed-over', ...left };
}

/** The job runs by another clock than the store's, which may be a little slower, and takes as long as any request may. */
function leewayOf({ requestTimeout }: Policy, { sweep }: Bounds): number {
  return Math.ceil(sweep / 1000) + requestTimeout;
}

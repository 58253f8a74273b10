/** P11: a session that fell silent does not go on blocking others. */
import type { Policy } from '../core/policy.ts';
import { after, between } from '../core/time.ts';
import { freeBy, type Bounds } from './bounds.ts';
import { hasCleared } from './lock-out.ts';
import { names } from './ledger.ts';
import { broken, KEPT, type CallMoment, type Rule, type Sighting } from './rule.ts';

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
  if (reply.type !== 'refused' || !names(tenure, reply.holder)) return null;
  const silent = between(tenure.sign.latest, storeTime);
  // Nobody can clean up in a store that fails, or with a server that is down.
  if (!swept && lookup.troubles.between(answer.at - (silent - bounds.boundary) - slack - late, answer.at)) return null;
  return broken(moment, () => ({
    message: `${tell.tenure(tenure)}, silent for ${tell.duration(silent)}, still kept ${tell.caller(operation)} out of ${tell.scope(moment.scope)}`,
    why: swept
      ? `the policy lets go by ${tell.instant(free)}, and it was ${tell.instant(storeTime)}`
      : `the clean-up, due every ${tell.duration(bounds.sweep)}, had not come by since the session expired at ${tell.instant(after(tenure.sign.latest, bounds.boundary))}`,
    fix: swept
      ? 'let each start see for itself that the holder has expired'
      : `run the clean-up as often as declared, or do without it: cleanUp: 'lazy'`,
    calls: [tenure.sign.call],
  }));
}

/** The job runs by another clock than the store's, which may be a little slower, and takes as long as any request may. */
function leewayOf({ requestTimeout }: Policy, { sweep }: Bounds): number {
  return Math.ceil(sweep / 1000) + requestTimeout;
}

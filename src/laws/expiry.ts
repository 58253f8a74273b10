/** P12 and P17: no session expires early, and every command draws the line at the same age. */
import { after, type Instant } from '../core/time.ts';
import { agesAt } from './bounds.ts';
import { names, type Sign } from './ledger.ts';
import { broken, KEPT, type CallMoment, type Rule, type Sighting } from './rule.ts';
import { treatmentOf } from './treatment.ts';

export const NO_EARLY_EXPIRY: Rule = {
  code: 'P12',
  name: 'no early expiry',
  kind: 'safety',
  statement: 'no session is treated as expired while the age of its last sign of life is below the timeout',
  onCall: early,
  plain: { call: true },
};

export const ONE_BOUNDARY: Rule = {
  code: 'P17',
  name: 'one boundary',
  kind: 'safety',
  statement:
    'start, heartbeat, status and sweep agree with the policy, to the millisecond, on the age at which a session has expired',
  onCall: boundary,
};

function early(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell } = moment;
  const { tenure } = before;
  const { storeTime } = operation.answer;
  const told = toldExpiry(moment);
  if (told !== null && told.expiry < after(told.sign.earliest, bounds.timeout)) {
    return broken(moment, () => ({
      message: `${tell.caller(operation)} was told an expiry at ${tell.instant(told.expiry)}, less than the timeout after a sign of life at ${tell.instant(told.sign.earliest)}`,
      why: `the timeout is ${tell.duration(bounds.timeout)}`,
      fix: 'count the expiry from the clock as it is when the row is written, with the timeout of the session itself',
      calls: [told.sign.call],
    }));
  }
  if (tenure === null || tenure.standing.type !== 'held') return null;
  const treatment = treatmentOf(tenure, operation, bounds);
  if (treatment !== 'expired') return treatment === 'live' ? KEPT : null;
  const ages = agesAt(tenure, operation);
  if (ages.most >= bounds.timeout && storeTime >= tenure.promised) return KEPT;
  const age = tell.age(ages);
  return broken(moment, () => ({
    message: `a ${operation.command.type} treated ${tell.tenure(tenure)} as expired at an age of ${age}`,
    why:
      ages.most < bounds.timeout
        ? `the timeout is ${tell.duration(bounds.timeout)}, and nobody ended the session or took it over`
        : `it had been promised the seat until ${tell.instant(tenure.promised)}`,
    fix: 'judge a session by its own last heartbeat and timeout, by the store’s clock',
    calls: [tenure.sign.call],
  }));
}

function boundary(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell } = moment;
  const { tenure } = before;
  const told = toldExpiry(moment);
  if (told !== null) {
    const first = after(told.sign.earliest, bounds.boundary);
    const last = after(told.sign.latest, bounds.boundary);
    if (told.expiry < first || told.expiry > last) {
      return broken(moment, () => ({
        message: `${tell.caller(operation)} was told an expiry at ${tell.instant(told.expiry)} where the boundary is ${tell.instant(first)}`,
        why: `the last sign of life came at ${tell.instant(told.sign.earliest)}, and ${lineOf(moment)}`,
        fix: 'derive the expiry that is told from the one predicate that decides it',
        calls: [told.sign.call],
      }));
    }
  }
  if (tenure === null || tenure.standing.type !== 'held') return null;
  const treatment = treatmentOf(tenure, operation, bounds);
  if (treatment !== 'live' && treatment !== 'expired') return null;
  const ages = agesAt(tenure, operation);
  const wrong = treatment === 'live' ? ages.least >= bounds.boundary : ages.most < bounds.boundary;
  if (!wrong) {
    const near = ages.least <= bounds.timeout + 1 && ages.most >= bounds.timeout - 1;
    return near ? KEPT : null;
  }
  return broken(moment, () => ({
    message: `a ${operation.command.type} treated ${tell.tenure(tenure)} as ${treatment} at an age of ${tell.age(ages)}`,
    why: lineOf(moment),
    fix: fixOf(moment, treatment),
    calls: [tenure.sign.call],
  }));
}

function lineOf({ bounds, lookup, tell }: CallMoment): string {
  const { expiry } = lookup.evidence.history.policy;
  return `the policy says that a session of ${tell.duration(bounds.timeout)} ${expiry === 'at' ? 'has expired' : 'has not expired yet'}`;
}

/** The expiry in an answer, with the sign of life that it must count from. */
function toldExpiry({ operation, before, after: then }: CallMoment): { expiry: Instant; sign: Sign } | null {
  const { command, answer, call } = operation;
  const { reply, storeTime, slack } = answer;
  if (reply.type === 'active') {
    const { tenure } = before;
    if (tenure === null || reply.expiry === undefined || !names(tenure, reply.holder)) return null;
    return { expiry: reply.expiry, sign: tenure.sign };
  }
  if ((reply.type !== 'granted' && reply.type !== 'renewed') || reply.expiry === undefined) return null;
  if (then.tenure !== null && then.tenure.sign.call === call) return { expiry: reply.expiry, sign: then.tenure.sign };
  // Renewed where the ledger knows of nothing to renew: it is held to its word all the same.
  const kind = command.type === 'heartbeat' ? 'heartbeat' : 'start';
  const slackened = (storeTime - slack) as Instant;
  return { expiry: reply.expiry, sign: { earliest: slackened, latest: storeTime, kind, call } };
}

function fixOf({ operation, lookup }: CallMoment, treatment: 'live' | 'expired'): string {
  const { policy } = lookup.evidence.history;
  if (treatment === 'live' && operation.command.type === 'heartbeat' && policy.lateHeartbeat === 'revive') {
    return `reject a heartbeat that comes after expiry: lateHeartbeat: 'reject'`;
  }
  if (treatment === 'live' && policy.cleanUp.type === 'swept') {
    return `let every command see the expiry for itself: cleanUp: 'lazy'`;
  }
  return 'let every command ask the same predicate';
}

/** P12 and P17: no session expires early, and every command draws the line at the same age. */
import type { SessionId } from '../core/seat.ts';
import { after, type Duration, type Instant } from '../core/time.ts';
import type { SeatRow } from '../history/history.ts';
import { agesAt } from './bounds.ts';
import { names, type Sign } from './ledger.ts';
import { hasCleared } from './lock-out.ts';
import { broken, KEPT, type CallMoment, type Rule, type RowMoment, type Sighting } from './rule.ts';
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
    'start, heartbeat, status and sweep agree with the policy, to the millisecond, on the age at which a session has expired; where a job cleans up, a session counts until the job has run',
  onCall: boundary,
  onRow: writtenTime,
};

function early(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell } = moment;
  const { tenure } = before;
  const { storeTime } = operation.answer;
  const told = toldExpiry(moment);
  if (told !== null && told.expiry < after(told.sign.earliest, bounds.timeout)) {
    return broken(moment, () => ({
      cause: 'told-too-early',
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
    cause: ages.most < bounds.timeout ? 'treated-expired' : 'broke-promise',
    message: `a ${operation.command.type} treated ${tell.tenure(tenure)} as expired at an age of ${age}`,
    why:
      ages.most < bounds.timeout
        ? `the timeout is ${tell.duration(bounds.timeout)}, and no call had ended the session or taken it over`
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
      const late = told.expiry > last;
      return broken(moment, () => ({
        cause: late ? 'told-too-late' : 'told-too-early',
        message: `${tell.caller(operation)} was told an expiry at ${tell.instant(told.expiry)}, ${late ? 'beyond' : 'before'} ${tell.instant(late ? last : first)}, which is its last sign of life + timeout`,
        why: `the last sign of life came at ${tell.instant(late ? told.sign.latest : told.sign.earliest)}, and ${lineOf(moment)}`,
        fix: 'count the expiry that is told from the heartbeat that is written, not from the expiry before it, and with the timeout that decides',
        calls: [told.sign.call],
      }));
    }
  }
  if (tenure === null || tenure.standing.type !== 'held') return null;
  const treatment = treatmentOf(tenure, operation, bounds);
  if (treatment !== 'live' && treatment !== 'expired') return null;
  const ages = agesAt(tenure, operation);
  // Where the policy declares a clean-up job, an expired session counts until the job has run.
  const counts = treatment === 'live' && !hasCleared(tenure, before, bounds);
  const wrong = treatment === 'live' ? ages.least >= bounds.boundary && !counts : ages.most < bounds.boundary;
  if (!wrong) {
    const near = ages.least <= bounds.timeout + 1 && ages.most >= bounds.timeout - 1;
    return near ? KEPT : null;
  }
  return broken(moment, () => ({
    cause: `treated-${treatment}`,
    message: `a ${operation.command.type} treated ${tell.tenure(tenure)} as ${treatment} at an age of ${tell.age(ages)}`,
    why: lineOf(moment),
    fix: fixOf(moment, treatment),
    calls: [tenure.sign.call],
  }));
}

/** A heartbeat that the store dates otherwise than it was acknowledged makes the session expire at another age. */
function writtenTime(moment: RowMoment): Sighting | null {
  const { row, rowBefore, before, tell } = moment;
  const { tenure } = before;
  const latest = row?.seat.latest;
  if (row === null || !latest || latest.standing.type !== 'held' || tenure?.standing.type !== 'held') return null;
  if (!names(tenure, { session: latest.id, term: row.seat.term })) return null;
  const { lastHeartbeat } = latest.standing;
  const { sign } = tenure;
  if (!Number.isFinite(lastHeartbeat) || (lastHeartbeat >= sign.earliest && lastHeartbeat <= sign.latest)) return null;
  // Only a row that the acknowledged call wrote shows what it wrote.
  const acknowledged = moment.since.some(({ call }) => call === sign.call);
  const others = moment.since.some(({ command, call }) => command.type === 'heartbeat' && call !== sign.call);
  if (!acknowledged || others || sameStanding(rowBefore, latest.id, lastHeartbeat)) return null;
  return broken(moment, () => ({
    cause: 'wrong-time-written',
    message: `the store dates the last ${sign.kind} of ${tell.tenure(tenure)} at ${tell.instant(lastHeartbeat)}, and it was acknowledged at ${tell.instant(sign.latest)}`,
    why: `the session would expire ${tell.duration(Math.abs(lastHeartbeat - sign.latest) as Duration)} too ${lastHeartbeat > sign.latest ? 'late' : 'early'}`,
    fix: 'write the time of the store’s own clock in the statement that is acknowledged, in the unit and time zone of the column',
    calls: [sign.call],
  }));
}

function sameStanding(row: SeatRow | null, session: SessionId, lastHeartbeat: Instant): boolean {
  const latest = row?.seat.latest;
  return latest?.id === session && latest.standing.type === 'held' && latest.standing.lastHeartbeat === lastHeartbeat;
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
    return 'let the clean-up job remove every session that has expired when it runs';
  }
  return 'let every command ask the same predicate';
}

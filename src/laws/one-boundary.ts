/** P17: every command draws the line at the same age. */
import { after, type Duration, type Instant } from '../core/time.ts';
import { agesAt, mayReplace } from './bounds.ts';
import { conditionOf, foundExpired, lineOf, toldExpiry, type ToldExpiry } from './expiry.ts';
import { names, type Tenure } from './ledger.ts';
import { hasCleared } from './clean-up.ts';
import { KEEP_IN_STORE, memoryLost } from './process-memory.ts';
import { broken, KEPT, type CallMoment, type Rule, type RowMoment, type Sighting, type Told } from './rule.ts';
import { treatmentOf } from './treatment.ts';

export const ONE_BOUNDARY: Rule = {
  code: 'P17',
  name: 'one boundary',
  kind: 'safety',
  statement:
    'start, heartbeat, status and sweep agree with the policy, to the millisecond, on the age at which a session has expired; where a job cleans up, a session counts until the job has run',
  onCall: boundary,
  onRow: writtenTime,
};

function boundary(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell } = moment;
  const { tenure } = before;
  const told = toldExpiry(moment);
  if (told !== null) {
    const first = after(told.sign.earliest, bounds.boundary);
    const last = after(told.sign.latest, bounds.boundary);
    if (told.expiry < first || told.expiry > last) {
      return broken(moment, () => ({
        ...wrongExpiry(moment, told, first, last),
        why: `the request was acknowledged at ${tell.instant(told.expiry > last ? told.sign.latest : told.sign.earliest)}, and ${lineOf(bounds.policy, tell)}`,
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
    message: treatment === 'live' ? foundLive(moment, tenure) : foundExpired(moment, tenure),
    why: lineOf(bounds.policy, tell),
    ...(treatment === 'live' ? tooLate(moment) : beforeTheLine(moment, tenure)),
    calls: [tenure.sign.call],
  }));
}

function wrongExpiry(
  moment: CallMoment,
  { expiry }: ToldExpiry,
  first: Instant,
  last: Instant,
): Pick<Told, 'cause' | 'message' | 'fix'> {
  const { bounds, tell } = moment;
  const late = expiry > last;
  const line = late ? last : first;
  const from = `its last acknowledged request + ${bounds.policy.expiry === 'at' ? 'timeout' : 'timeout + 1ms'}`;
  const message = `the reply to ${tell.request(moment.operation)} gives the expiry ${tell.instant(expiry)}, ${late ? 'beyond' : 'before'} ${tell.instant(line)}, which is ${from}`;
  if (Math.abs(expiry - line) === 1) {
    return {
      cause: 'expiry-told-off-by-one',
      message,
      fix: `give the first instant at which the session has expired: ${bounds.policy.expiry === 'at' ? 'the last heartbeat plus the timeout' : 'one millisecond after the last heartbeat plus the timeout'}`,
    };
  }
  return late
    ? {
        cause: 'late-expiry-told',
        message,
        fix: 'count the expiry in a reply from the heartbeat that was written, not from the expiry before it, and with the timeout that starts compare with',
      }
    : {
        cause: 'early-expiry-told',
        message,
        fix: 'return the expiry of the row as the request leaves it, counted with the timeout that starts compare with',
      };
}

/** How the call of the moment showed that it treats the session as live. */
function foundLive({ operation, scope, tell }: CallMoment, tenure: Tenure): string {
  const { command, answer } = operation;
  const age = `at an age of ${tell.age(agesAt(tenure, operation))}`;
  const name = tell.tenure(tenure);
  switch (command.type) {
    case 'start':
      return answer.reply.type === 'refused'
        ? `${tell.caller(operation)} was refused because of ${name} ${age} of that session`
        : `a start of ${tell.caller(operation)} treated ${name} as live ${age}`;
    case 'heartbeat':
      return `a heartbeat of ${name} was renewed ${age}`;
    case 'end':
      return `an end treated ${name} as live ${age}`;
    case 'status':
      return `a status showed ${name} as the holder of ${tell.scope(scope)} ${age}`;
    case 'sweep':
      return `a sweep passed over ${name} ${age}`;
  }
}

function tooLate({ operation, bounds, tell }: CallMoment): Pick<Told, 'cause' | 'fix'> {
  const expired = conditionOf(bounds.policy, tell);
  switch (operation.command.type) {
    case 'start':
      return bounds.swept
        ? { cause: 'swept-too-little', fix: 'let the clean-up job remove every session that has expired when it runs' }
        : { cause: 'expired-taken-for-live', fix: `let a start compare as the policy does: ${expired} means expired` };
    case 'heartbeat':
    case 'end':
      return bounds.policy.lateHeartbeat === 'revive'
        ? {
            cause: 'late-heartbeat-declared',
            fix: `reject a heartbeat that comes after expiry, and declare that: lateHeartbeat: 'reject'`,
          }
        : {
            cause: 'late-heartbeat-renewed',
            fix: `answer gone to a heartbeat of an expired session (${expired}), in the condition of its statement`,
          };
    case 'status':
      return {
        cause: 'expired-shown',
        fix: `let the status show the seat as free once its session has expired (${expired})`,
      };
    case 'sweep':
      return { cause: 'expired-passed-over', fix: `let the sweep remove every session that has expired (${expired})` };
  }
}

function beforeTheLine(
  { operation, bounds, tell, lookup }: CallMoment,
  tenure: Tenure,
): Pick<Told, 'cause' | 'fix'> & { readonly why?: string } {
  const lost = memoryLost(lookup.operation(tenure.sign.call), operation, lookup.evidence);
  if (lost !== null) {
    return { cause: 'line-lost-with-memory', why: `${lineOf(bounds.policy, tell)}; ${lost}`, fix: KEEP_IN_STORE };
  }
  const { command, answer } = operation;
  const expired = conditionOf(bounds.policy, tell);
  switch (command.type) {
    case 'start':
      if (answer.reply.type === 'granted' && mayReplace(tenure, command, bounds)) {
        return { cause: 'live-replaced-untold', fix: 'return the live session that the start replaces in its reply' };
      }
      return {
        cause: 'line-early-in-start',
        fix: `let a start compare as the policy does: only ${expired} means expired`,
      };
    case 'heartbeat':
    case 'end':
      return {
        cause: 'line-early-in-heartbeat',
        fix: `let a heartbeat compare as the policy does: only ${expired} means expired`,
      };
    case 'status':
      return {
        cause: 'line-early-in-status',
        fix: `let a status compare as the policy does: only ${expired} means expired`,
      };
    case 'sweep':
      return {
        cause: 'line-early-in-sweep',
        fix: `let a sweep compare as the policy does: only ${expired} means expired`,
      };
  }
}

/** A heartbeat that the store dates otherwise than it was acknowledged makes the session expire at another age. */
function writtenTime(moment: RowMoment): Sighting | null {
  const { stored, storedBefore, before, tell } = moment;
  const { tenure } = before;
  if (stored?.standing.type !== 'held' || tenure?.standing.type !== 'held' || !names(tenure, stored)) return null;
  const { lastHeartbeat } = stored.standing;
  const { sign } = tenure;
  if (!Number.isFinite(lastHeartbeat) || (lastHeartbeat >= sign.earliest && lastHeartbeat <= sign.latest)) return null;
  // Only a row that the acknowledged call wrote shows what it wrote.
  const isUnmoved =
    storedBefore?.session === stored.session &&
    storedBefore.standing.type === 'held' &&
    storedBefore.standing.lastHeartbeat === lastHeartbeat;
  const acknowledged = moment.since.some(({ call }) => call === sign.call);
  const others = moment.since.some(({ command, call }) => command.type === 'heartbeat' && call !== sign.call);
  if (!acknowledged || others || isUnmoved) return null;
  return broken(moment, () => {
    const off = Math.abs(lastHeartbeat - sign.latest) as Duration;
    return {
      message: `the store dates the last ${sign.kind} of ${tell.tenure(tenure)} at ${tell.instant(lastHeartbeat)}, and it was acknowledged at ${tell.instant(sign.latest)}`,
      why: `the session would expire ${tell.duration(off)} too ${lastHeartbeat > sign.latest ? 'late' : 'early'}`,
      ...(off % ZONE === 0
        ? {
            cause: 'zone-shifted-time-written',
            fix: 'write and read the time in one zone: a timestamptz column, or UTC on both sides',
          }
        : {
            cause: 'wrong-time-written',
            fix: 'write the time of the clock of the store in the statement that is acknowledged, in the unit of the column',
          }),
      calls: [sign.call],
    };
  });
}

/** Offsets of time zones are multiples of a quarter of an hour. */
const ZONE = 15 * 60_000;

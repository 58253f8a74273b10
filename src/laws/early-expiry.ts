/** P12: no session expires before its timeout. */
import { after } from '../core/time.ts';
import { agesAt, mayReplace } from './bounds.ts';
import { conditionOf, foundExpired, toldExpiry, type ToldExpiry } from './expiry.ts';
import type { Tenure } from './ledger.ts';
import { meetingOf } from './meeting.ts';
import { KEEP_IN_STORE, memoryLost } from './process-memory.ts';
import { broken, KEPT, type Because, type CallMoment, type Rule, type Sighting } from './rule.ts';
import { treatmentOf } from './treatment.ts';

export const NO_EARLY_EXPIRY: Rule = {
  code: 'P12',
  name: 'no early expiry',
  kind: 'safety',
  statement: 'no session is treated as expired while its last acknowledged request is younger than the timeout',
  onCall: early,
  plain: { call: true },
};

function early(moment: CallMoment): Sighting | null {
  const { operation, before, bounds, tell } = moment;
  const { tenure } = before;
  const { storeTime } = operation.answer;
  const told = toldExpiry(moment);
  if (told !== null && told.expiry < after(told.sign.earliest, bounds.timeout)) {
    return broken(moment, () => ({
      message: `the reply to ${tell.request(moment.operation)} gives the expiry ${tell.instant(told.expiry)}, less than the timeout after ${tell.instant(told.sign.earliest)}`,
      ...shortExpiry(moment, told),
      calls: [told.sign.call],
    }));
  }
  if (tenure === null || tenure.standing.type !== 'held') return null;
  const treatment = treatmentOf(tenure, operation, bounds);
  if (treatment !== 'expired') return treatment === 'live' ? KEPT : null;
  const ages = agesAt(tenure, operation);
  if (ages.most >= bounds.timeout && storeTime >= tenure.promised) return KEPT;
  if (ages.most >= bounds.timeout) {
    return broken(moment, () => ({
      cause: 'promise-broken',
      message: foundExpired(moment, tenure),
      why: `a reply had given it the expiry ${tell.instant(tenure.promised)}`,
      fix: `keep a session until the latest expiry that a reply gave, or give one that is ${tell.duration(bounds.timeout)} after the request`,
      calls: [tenure.sign.call],
    }));
  }
  return broken(moment, () => ({
    message: foundExpired(moment, tenure),
    ...tooEarly(moment, tenure),
    calls: [tenure.sign.call],
  }));
}

function shortExpiry({ bounds, tell, before }: CallMoment, told: ToldExpiry): Because {
  const why = `the request was acknowledged at ${tell.instant(told.sign.latest)}, and the timeout is ${tell.duration(bounds.timeout)}`;
  const previous = before.tenure?.promised;
  if (previous === told.expiry && told.sign.kind === 'heartbeat') {
    return {
      cause: 'previous-expiry-told',
      why: `${why}; the reply repeats the expiry from before the heartbeat`,
      fix: 'return the expiry of the row as the heartbeat leaves it, not as it was read before',
    };
  }
  return {
    cause: 'short-expiry-told',
    why,
    fix: 'count the expiry in a reply from the clock of the store when the row is written, with the timeout of the session',
  };
}

/** A start, a heartbeat, a status and a sweep that draw the line too early are mended in four places. */
function tooEarly({ operation, bounds, tell, lookup }: CallMoment, tenure: Tenure): Because {
  const { command, answer } = operation;
  const why = `the timeout is ${tell.duration(bounds.timeout)}, and no call had ended the session or taken it over`;
  const expired = conditionOf(bounds.policy, tell);
  const lost = memoryLost(lookup.operation(tenure.sign.call), operation, lookup.evidence);
  if (lost !== null) return { cause: 'expired-from-memory', why: `${why}; ${lost}`, fix: KEEP_IN_STORE };
  const rival = command.type === 'start' ? lookup.operation(tenure.call) : null;
  if (rival !== null && meetingOf(rival, operation) !== 'apart') {
    return {
      cause: 'granted-by-overlap',
      why: `the starts of ${tell.caller(rival)} and ${tell.caller(operation)} overlapped, and no call had ended the session or taken it over`,
      fix: 'let the statement that grants the seat look for a live holder itself, under a unique key or a lock on a row that exists',
    };
  }
  switch (command.type) {
    case 'start':
      if (answer.reply.type === 'granted' && mayReplace(tenure, command, bounds)) {
        return {
          cause: 'replaced-as-expired',
          why: `${why}; the policy lets this start replace it, and the reply names no session as replaced`,
          fix: 'return the live session that the start replaces in its reply',
        };
      }
      return answer.reply.type === 'refused'
        ? {
            cause: 'grace-begun-early',
            why,
            fix: `begin the grace at the expiry of the holder (${expired}), by the clock of the store`,
          }
        : {
            cause: 'granted-early',
            why,
            fix: `grant the seat only where the holder has expired (${expired}), by the clock of the store`,
          };
    case 'heartbeat':
    case 'end':
      return {
        cause: 'answered-gone-early',
        why,
        fix: `answer gone only where the session has expired (${expired}), by the clock of the store`,
      };
    case 'status':
      return {
        cause: 'shown-free-early',
        why,
        fix: `show the seat as free only where the session has expired (${expired}), by the clock of the store`,
      };
    case 'sweep':
      return {
        cause: 'swept-early',
        why,
        fix: `remove only sessions that have expired (${expired}), by the clock of the store`,
      };
  }
}

/** What the laws of expiry share: the line that the policy draws, and how a call shows on which side it sees a session. */
import type { Policy } from '../core/policy.ts';
import type { Instant } from '../core/time.ts';
import { agesAt } from './bounds.ts';
import { names, type Sign, type Tenure } from './ledger.ts';
import type { CallMoment } from './rule.ts';
import type { Telling } from './telling.ts';

/** How the call of the moment showed that it treats the session as expired. */
export function foundExpired({ operation, scope, tell }: CallMoment, tenure: Tenure): string {
  const { reply } = operation.answer;
  const age = `at an age of ${tell.age(agesAt(tenure, operation))}`;
  const name = tell.tenure(tenure);
  switch (reply.type) {
    case 'granted':
      return `${tell.caller(operation)} was granted the seat of ${name} ${age} of that session`;
    case 'refused':
      return `${tell.caller(operation)} was refused for a grace, as if ${name} had expired, ${age}`;
    case 'gone':
      return `${operation.command.type === 'end' ? 'an end' : 'a heartbeat'} of ${name} was answered gone${reply.why === undefined ? '' : `, ${reply.why},`} ${age}`;
    case 'idle':
      return `a status showed ${tell.scope(scope)} as free while ${name} held it, ${age}`;
    default:
      return `a sweep removed ${name} ${age}`;
  }
}

/** From which age a session has expired by the policy. */
export function lineOf({ timeout, expiry }: Policy, tell: Telling): string {
  return `the policy counts a session as expired ${expiry === 'at' ? 'from an age of' : 'only beyond an age of'} ${tell.duration(timeout)}${expiry === 'at' ? ' on' : ''}`;
}

/** The same as a condition: `age >= 1m`. */
export function conditionOf({ timeout, expiry }: Policy, tell: Telling): string {
  return `age ${expiry === 'at' ? '>=' : '>'} ${tell.duration(timeout)}`;
}

export interface ToldExpiry {
  readonly expiry: Instant;
  readonly sign: Sign;
}

/** The expiry in a reply, with the acknowledged request that it must count from. */
export function toldExpiry({ operation, before, after: then }: CallMoment): ToldExpiry | null {
  const { command, answer, call } = operation;
  const { reply, storeTime, slack } = answer;
  if (reply.type === 'active') {
    const { tenure } = before;
    if (tenure === null || reply.expiry === undefined || !names(tenure, reply.holder)) return null;
    return { expiry: reply.expiry, sign: tenure.sign };
  }
  if ((reply.type !== 'granted' && reply.type !== 'renewed') || reply.expiry === undefined) return null;
  if (then.tenure !== null && then.tenure.sign.call === call) return { expiry: reply.expiry, sign: then.tenure.sign };
  // Renewed where the ledger knows of nothing to renew: its expiry is judged all the same.
  const kind = command.type === 'heartbeat' ? 'heartbeat' : 'start';
  const slackened = (storeTime - slack) as Instant;
  return { expiry: reply.expiry, sign: { earliest: slackened, latest: storeTime, kind, call } };
}

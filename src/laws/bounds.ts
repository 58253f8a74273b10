/** The figures that laws hold a policy to, worked out here a second time so that a wrong server rule cannot vouch for itself. */
import type { StartCommand } from '../core/command.ts';
import type { Policy } from '../core/policy.ts';
import type { Fingerprint, Scope } from '../core/seat.ts';
import { after, between, earlier, later, NO_TIME, type Duration, type Instant } from '../core/time.ts';
import type { AnsweredOperation } from './evidence.ts';
import type { Tenure } from './ledger.ts';

export interface Bounds {
  readonly policy: Policy;
  /** The age of the last acknowledged request below which no call may treat a session as expired. */
  readonly timeout: Duration;
  /** The first age, in whole milliseconds, at which the policy declares a session expired. */
  readonly boundary: Duration;
  /** How long the clean-up may take to come by; 0 where it is lazy. */
  readonly sweep: Duration;
  readonly swept: boolean;
  readonly graceAfterExpiry: Duration;
  readonly graceAfterTakeover: Duration;
}

export function boundsOf(policy: Policy): Bounds {
  const { timeout, cleanUp, grace } = policy;
  return {
    policy,
    timeout,
    boundary: policy.expiry === 'at' ? timeout : ((timeout + 1) as Duration),
    sweep: cleanUp.type === 'swept' ? cleanUp.every : NO_TIME,
    swept: cleanUp.type === 'swept',
    graceAfterExpiry: grace.afterExpiry,
    graceAfterTakeover: grace.afterTakeover,
  };
}

/** The ages that a session may have had when the store ran a call, by the store's clock. */
export interface Ages {
  readonly least: Duration;
  readonly most: Duration;
}

export function agesAt(tenure: Tenure, operation: AnsweredOperation): Ages {
  const { storeTime, slack } = operation.answer;
  return {
    least: Math.max(0, storeTime - slack - tenure.sign.latest) as Duration,
    most: between(tenure.sign.earliest, storeTime),
  };
}

/** Whether the session had certainly not expired when the store ran the call. */
export function unexpired(tenure: Tenure, operation: AnsweredOperation, bounds: Bounds): boolean {
  return agesAt(tenure, operation).most < bounds.boundary;
}

/** The instant of the store's clock by which a silent session, and the session that it replaced, no longer delay a start. */
export function freeBy(tenure: Tenure, bounds: Bounds): Instant {
  const free = letGoBy(tenure, bounds);
  return tenure.closedUntil === null ? free : later(free, tenure.closedUntil);
}

/**
 * How long a seat may stay closed to others, although the session that is granted it now may end at once: until `tenure`,
 * which the same device had before, delays no start any more. `at` is the store's clock. A session that was live is
 * as if another device had taken over from it; its last request may have been acknowledged by an answer that was lost.
 */
export function closedBy(
  tenure: Tenure | null,
  device: Fingerprint,
  at: Instant,
  wasLive: boolean,
  bounds: Bounds,
): Instant | null {
  if (tenure === null || tenure.device !== device) return null;
  const free = wasLive ? later(after(at, bounds.graceAfterTakeover), tenure.closedUntil ?? at) : freeBy(tenure, bounds);
  return free > at ? free : null;
}

/** Whether a released seat may still be closed to others, because of the session that it had replaced. */
export function staysClosed({ standing, closedUntil }: Tenure, { answer }: AnsweredOperation): boolean {
  return standing.type === 'released' && closedUntil !== null && answer.storeTime - answer.slack < closedUntil;
}

function letGoBy(tenure: Tenure, bounds: Bounds): Instant {
  if (tenure.standing.type === 'released') return tenure.standing.at;
  const expiry = after(tenure.sign.latest, bounds.boundary);
  const bySilence = after(after(expiry, bounds.sweep), bounds.graceAfterExpiry);
  return tenure.standing.type === 'revoked'
    ? earlier(after(tenure.standing.at, bounds.graceAfterTakeover), bySilence)
    : bySilence;
}

/** Whether a refusal may mean that a seat is free and kept so for a while. */
export function hasGrace({ graceAfterExpiry, graceAfterTakeover }: Bounds): boolean {
  return graceAfterExpiry > 0 || graceAfterTakeover > 0;
}

/**
 * Whether the policy lets this start end the live session. It decides what a grant means that does not tell which session
 * it replaced.
 */
export function mayReplace({ device }: Pick<Tenure, 'device'>, command: StartCommand, { policy }: Bounds): boolean {
  if (device === command.device && policy.sameDevice !== 'refuse') return true;
  return policy.onConflict === 'take-over' || (policy.onConflict === 'ask' && command.takeOver !== null);
}

/** The seat that a scope means under this policy. */
export function seatOf(scope: Scope, policy: Policy): Scope {
  return policy.scope === 'license' && scope.symbol !== '' ? { license: scope.license, symbol: '' } : scope;
}

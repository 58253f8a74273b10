/** The one predicate that decides whether a session has expired, and what follows from it. All instants are the server's clock. */
import type { Policy } from './policy.ts';
import type { Session, Standing } from './seat.ts';
import { after, between, earlier, later, longer, milliseconds, NO_TIME, type Duration, type Instant } from './time.ts';

/** A standing that still has a heartbeat to count from. */
type Counting = Exclude<Standing, { type: 'released' }>;

/** The instant at which a session whose last heartbeat came at `lastHeartbeat` stops counting. */
export function expiryOf(lastHeartbeat: Instant, timeout: Duration, policy: Policy): Instant {
  const age = policy.expiry === 'at' ? timeout : after(timeout as number as Instant, milliseconds(1));
  return after(lastHeartbeat, age as number as Duration);
}

/** Start, heartbeat, status and sweep all ask this, and nothing else, whether a session has expired. */
export function hasExpired(lastHeartbeat: Instant, timeout: Duration, policy: Policy, now: Instant): boolean {
  return now >= expiryOf(lastHeartbeat, timeout, policy);
}

/** Whether a session has the seat now. Under a swept policy it has it until the sweep came by, expired or not. */
export function holdsSeat(session: Session, policy: Policy, now: Instant): boolean {
  if (session.standing.type !== 'held') return false;
  return policy.cleanUp.type === 'swept' || !hasExpired(session.standing.lastHeartbeat, session.timeout, policy, now);
}

/** How long a start by another device must wait from `now`, if the session stays silent. 0 once it need not wait. */
export function waitFor(session: Session, policy: Policy, now: Instant): Duration {
  const { standing } = session;
  const opens = opensAt(session, policy);
  if (opens !== null && opens > now) return between(now, opens);
  // Still held although a sweep is due: that sweep is late, so all that can be said is one more period.
  return standing.type === 'held' && policy.cleanUp.type === 'swept' ? policy.cleanUp.every : NO_TIME;
}

/**
 * Whether a session that no longer has its seat may get it back before anybody else may have it: by a heartbeat that comes
 * late, or because its device need not wait for its own silence.
 */
export function mayReturn({ standing }: Session, policy: Policy): boolean {
  switch (standing.type) {
    case 'held':
      return policy.lateHeartbeat === 'revive' || policy.sameDevice !== 'refuse';
    case 'swept':
    case 'released':
      return policy.sameDevice !== 'refuse';
    case 'revoked':
      return false;
  }
}

/** The instant at which a start by another device would be granted, if the session stays silent; null for at any time. */
export function opensAt({ standing, timeout, closedUntil }: Session, policy: Policy): Instant | null {
  if (standing.type === 'released') return closedUntil;
  const opens = letsGoAt(standing, timeout, policy);
  return closedUntil === null ? opens : later(opens, closedUntil);
}

function letsGoAt(standing: Counting, timeout: Duration, policy: Policy): Instant {
  const expiry = expiryOf(standing.lastHeartbeat, timeout, policy);
  const { grace, cleanUp } = policy;
  switch (standing.type) {
    case 'held':
      return after(expiry, cleanUp.type === 'swept' ? longer(cleanUp.every, grace.afterExpiry) : grace.afterExpiry);
    case 'swept':
      return after(expiry, grace.afterExpiry);
    case 'revoked':
      // The victim can no longer renew, so a takeover never waits longer than its silence would have made it wait.
      return earlier(after(standing.revokedAt, grace.afterTakeover), after(expiry, grace.afterExpiry));
  }
}

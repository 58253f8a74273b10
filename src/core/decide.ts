/** The server's rule: what a command does to a seat, and what is answered. */
import type { EndRequest, HeartbeatRequest, RuleCommand, StatusCommand, SweepCommand } from './command.ts';
import type { Decision } from './decision.ts';
import { expiryOf, hasExpired, holdsSeat, mayReturn, waitFor } from './expiry.ts';
import { idleNotice } from './notices.ts';
import type { Policy } from './policy.ts';
import type {
  Complete,
  EndReply,
  Gone,
  Holder,
  HeartbeatReply,
  Idle,
  StatusReply,
  ReplyTo,
  SweepReply,
} from './reply.ts';
import type { Fingerprint, Scope, Seat, Session, SessionId, Term } from './seat.ts';
import { start } from './start.ts';
import { NO_TIME, type Duration, type Instant } from './time.ts';
import { unreachable } from './unreachable.ts';

/**
 * The server's rule. Pure: the same seat, command, policy and time give the same answer. `scope` is the scope of `seat`;
 * `now` is the store's clock. A sweep is decided seat by seat: the answer lists the session of this one, or none.
 */
export function decide<C extends RuleCommand>(
  seat: Seat,
  scope: Scope,
  command: C,
  policy: Policy,
  now: Instant,
): Decision<ReplyTo[C['type']]>;
export function decide(seat: Seat, scope: Scope, command: RuleCommand, policy: Policy, now: Instant): Decision {
  switch (command.type) {
    case 'start':
      return start(seat, command, policy, now);
    case 'heartbeat':
      return heartbeat(seat, command, policy, now);
    case 'end':
      return end(seat, command);
    case 'status':
      return status(seat, command, policy, now);
    case 'sweep':
      return sweep(seat, scope, command, policy, now);
    default:
      return unreachable(command);
  }
}

function heartbeat(seat: Seat, command: HeartbeatRequest, policy: Policy, now: Instant): Decision<HeartbeatReply> {
  const session = named(seat, command.session, command.term);
  if (session === null) return { seat, reply: goneSince(seat, command.session, command.term) };
  const { standing } = session;
  switch (standing.type) {
    case 'released':
      return { seat, reply: gone('ended') };
    case 'swept':
      return { seat, reply: gone('expired') };
    case 'revoked':
      return { seat, reply: gone('replaced', standing.revokedBy) };
    case 'held': {
      const late = hasExpired(standing.lastHeartbeat, session.timeout, policy, now);
      if (late && policy.lateHeartbeat === 'reject') return { seat, reply: gone('expired') };
      return {
        seat: renewed(seat, session, policy.timeout, now),
        reply: { type: 'renewed', term: seat.term, expiry: expiryOf(now, policy.timeout, policy) },
      };
    }
    default:
      return unreachable(standing);
  }
}

/** Written out, because copies by spread would be the most expensive part of a simulated heartbeat. */
function renewed(seat: Seat, session: Session, timeout: Duration, now: Instant): Seat {
  const { id, device, startedAt, closedUntil } = session;
  const standing = { type: 'held', lastHeartbeat: now } as const;
  return {
    term: seat.term,
    latest: { id, device, startedAt, timeout, closedUntil, standing },
    previous: seat.previous,
  };
}

function end(seat: Seat, command: EndRequest): Decision<EndReply> {
  const session = named(seat, command.session, command.term);
  if (session === null) {
    const since = goneSince(seat, command.session, command.term);
    return { seat, reply: since.why === 'ended' ? { type: 'ended' } : since };
  }
  if (session.standing.type === 'released') return { seat, reply: { type: 'ended' } };
  // Also of a session that expired or was revoked: its client says that it has stopped, so nobody need wait for it any more.
  return { seat: { ...seat, latest: { ...session, standing: { type: 'released' } } }, reply: { type: 'ended' } };
}

function status(seat: Seat, _command: StatusCommand, policy: Policy, now: Instant): Decision<StatusReply> {
  const session = seat.latest;
  if (session === null) return { seat, reply: idle(NO_TIME, false) };
  if (session.standing.type === 'held' && holdsSeat(session, policy, now)) {
    const expiry = expiryOf(session.standing.lastHeartbeat, session.timeout, policy);
    return { seat, reply: { type: 'active', holder: holderOf(seat.term, session), expiry } };
  }
  return { seat, reply: idle(waitFor(session, policy, now), mayReturn(session, policy)) };
}

function idle(retryAfter: Duration, returns: boolean): Complete<Idle> {
  return { type: 'idle', retryAfter, notice: idleNotice(retryAfter, returns) };
}

function sweep(seat: Seat, scope: Scope, _command: SweepCommand, policy: Policy, now: Instant): Decision<SweepReply> {
  const session = seat.latest;
  if (
    session === null ||
    session.standing.type !== 'held' ||
    !hasExpired(session.standing.lastHeartbeat, session.timeout, policy, now)
  ) {
    return { seat, reply: { type: 'swept', sessions: [] } };
  }
  const swept: Session = { ...session, standing: { type: 'swept', lastHeartbeat: session.standing.lastHeartbeat } };
  return {
    seat: { ...seat, latest: swept },
    reply: { type: 'swept', sessions: [{ ...holderOf(seat.term, session), scope }] },
  };
}

/** The latest session, if it is the one named by id and term. */
function named(seat: Seat, id: SessionId, term: Term | null): Session | null {
  return seat.latest !== null && (term === null || seat.term === term) && seat.latest.id === id ? seat.latest : null;
}

function goneSince(seat: Seat, id: SessionId, term: Term | null): Complete<Gone> {
  const { previous, latest } = seat;
  if (previous === null || latest === null || previous.id !== id) return gone('unknown');
  if (term !== null && term !== seat.term - 1) return gone('unknown');
  return gone(previous.how, latest.device);
}

function gone(why: Complete<Gone>['why'], by: Fingerprint | null = null): Complete<Gone> {
  return { type: 'gone', why, by };
}

function holderOf(term: Term, session: Session): Holder {
  return { session: session.id, device: session.device, term };
}

/** The server's rule for a start: whether the device is granted the seat, and the effect on the previous holder. */
import type { StartCommand } from './command.ts';
import type { Decision } from './decision.ts';
import { expiryOf, holdsSeat, mayReturn, opensAt, waitFor } from './expiry.ts';
import { graceNotice, refusalNotice, replacementNotice } from './notices.ts';
import type { Policy } from './policy.ts';
import type { Complete, Granted, Holder, Refused, StartReply } from './reply.ts';
import type { Fingerprint, Predecessor, Seat, Session } from './seat.ts';
import type { Instant } from './time.ts';

/** `now` is the store's clock. */
export function start(seat: Seat, command: StartCommand, policy: Policy, now: Instant): Decision<StartReply> {
  const { latest, previous } = seat;
  if (latest === null) return grant(seat, command, policy, now, null);

  const sameDevice = latest.device === command.device;
  const sameSession = sameDevice && latest.id === command.session;
  // A late copy of a start must not bring back what its own client ended, nor what somebody has followed since.
  if (sameSession && latest.standing.type === 'released') {
    return { seat, reply: { type: 'gone', why: 'ended', by: null } };
  }
  if (!sameSession && previous?.id === command.session) {
    return { seat, reply: { type: 'gone', why: previous.how, by: latest.device } };
  }
  if (!holdsSeat(latest, policy, now)) return startOnFree(seat, latest, command, policy, now);
  if (sameSession) return keep(seat, latest, policy, now);
  return sameDevice
    ? startOnOwnDevice(seat, latest, command, policy, now)
    : startAgainstOther(seat, latest, command, policy, now);
}

/** Nobody has the seat, but a grace may still keep it free. */
function startOnFree(
  seat: Seat,
  latest: Session,
  command: StartCommand,
  policy: Policy,
  now: Instant,
): Decision<StartReply> {
  const wait = waitFor(latest, policy, now);
  // A device need not wait for its own silent session; after a takeover the seat is promised away from it.
  const ownSilence = latest.device === command.device && latest.standing.type !== 'revoked';
  const waives = ownSilence && policy.sameDevice !== 'refuse';
  return wait > 0 && !waives ? keepFree(seat, latest, command, policy, now) : grant(seat, command, policy, now, null);
}

function startOnOwnDevice(
  seat: Seat,
  latest: Session,
  command: StartCommand,
  policy: Policy,
  now: Instant,
): Decision<StartReply> {
  switch (policy.sameDevice) {
    case 'join':
      return keep(seat, latest, policy, now);
    case 'reconnect':
      // Both run on one device, so no grace is needed between them.
      return grant(seat, command, policy, now, holder(seat, latest));
    case 'refuse':
      return policy.onConflict === 'ask' && command.takeOver === seat.term
        ? grant(seat, command, policy, now, holder(seat, latest))
        : refuse(seat, latest, 'same-device', policy, now);
  }
}

function startAgainstOther(
  seat: Seat,
  latest: Session,
  command: StartCommand,
  policy: Policy,
  now: Instant,
): Decision<StartReply> {
  const takesOver =
    policy.onConflict === 'take-over' || (policy.onConflict === 'ask' && command.takeOver === seat.term);
  if (!takesOver) return refuse(seat, latest, 'other-device', policy, now);
  const victim = holder(seat, latest);
  const revoked = revoke(latest, command.device, now);
  // Where the policy has no grace, or the victim's silence is already so long that no wait is left, the grant follows at once.
  if (waitFor(revoked, policy, now) === 0) return grant(seat, command, policy, now, victim);
  const refusal = keepFree({ ...seat, latest: revoked }, revoked, command, policy, now);
  return { seat: refusal.seat, reply: { ...refusal.reply, replaced: victim } };
}

function revoke(session: Session, by: Fingerprint, now: Instant): Session {
  const { standing } = session;
  if (standing.type !== 'held') return session;
  const { lastHeartbeat } = standing;
  return { ...session, standing: { type: 'revoked', lastHeartbeat, revokedAt: now, revokedBy: by } };
}

/**
 * How long the seat stays closed to others because of `latest`, which the same device now follows: as long as if another
 * device had taken over. What it replaces may work on until it is told, although its device has the seat again.
 */
function closedUntil(latest: Session, replaced: boolean, policy: Policy, now: Instant): Instant | null {
  const opens = opensAt(replaced ? revoke(latest, latest.device, now) : latest, policy);
  return opens !== null && opens > now ? opens : null;
}

/** The next term, for the session that asks. */
function grant(
  seat: Seat,
  command: StartCommand,
  policy: Policy,
  now: Instant,
  replaced: Holder | null,
): Decision<Granted> {
  const before = seat.latest;
  const latest: Session = {
    id: command.session,
    device: command.device,
    startedAt: now,
    timeout: policy.timeout,
    closedUntil: before?.device === command.device ? closedUntil(before, replaced !== null, policy, now) : null,
    standing: { type: 'held', lastHeartbeat: now },
  };
  const notice =
    replaced === null ? null : replacementNotice(replaced.device === command.device ? 'this-device' : 'another-device');
  return {
    seat: { term: seat.term + 1, latest, previous: predecessor(seat.latest, replaced !== null) },
    reply: granted(latest, seat.term + 1, policy, now, replaced, notice),
  };
}

/** The session that the seat has already, renewed: a start is a sign of life. */
function keep(seat: Seat, latest: Session, policy: Policy, now: Instant): Decision<Granted> {
  const renewed: Session = { ...latest, timeout: policy.timeout, standing: { type: 'held', lastHeartbeat: now } };
  return { seat: { ...seat, latest: renewed }, reply: granted(renewed, seat.term, policy, now, null, null) };
}

function granted(
  session: Session,
  term: number,
  policy: Policy,
  now: Instant,
  replaced: Holder | null,
  notice: string | null,
): Complete<Granted> {
  return {
    type: 'granted',
    session: session.id,
    term,
    expiry: expiryOf(now, session.timeout, policy),
    replaced,
    notice,
  };
}

function refuse(
  seat: Seat,
  latest: Session,
  reason: 'same-device' | 'other-device',
  policy: Policy,
  now: Instant,
): Decision<Refused> {
  const retryAfter = waitFor(latest, policy, now);
  const notice = refusalNotice(reason, retryAfter, policy.onConflict === 'ask');
  return {
    seat,
    reply: { type: 'refused', reason, holder: holder(seat, latest), retryAfter, replaced: null, notice },
  };
}

/** Nobody has the seat, and nobody may have it yet. */
function keepFree(seat: Seat, latest: Session, command: StartCommand, policy: Policy, now: Instant): Decision<Refused> {
  const retryAfter = waitFor(latest, policy, now);
  const closing = latest.device === command.device ? 'this-device' : 'another-device';
  const notice = graceNotice(closing, retryAfter, mayReturn(latest, policy));
  return {
    seat,
    reply: { type: 'refused', reason: 'grace', holder: holder(seat, latest), retryAfter, replaced: null, notice },
  };
}

function predecessor(latest: Session | null, replacedLive: boolean): Predecessor | null {
  if (latest === null) return null;
  if (latest.standing.type === 'released') return { id: latest.id, how: 'ended' };
  const wasTaken = replacedLive || latest.standing.type === 'revoked';
  return { id: latest.id, how: wasTaken ? 'replaced' : 'expired' };
}

function holder(seat: Seat, session: Session): Holder {
  return { session: session.id, device: session.device, term: seat.term };
}

/**
 * What systems that know neither sessions nor terms do to their rows. The term of a seat counts the grants of its row, also
 * while the row is empty, so that laws can tell one grant from the next.
 */
import type { EndCommand, HeartbeatCommand, StartCommand } from '../core/command.ts';
import { decide } from '../core/decide.ts';
import { expiryOf } from '../core/expiry.ts';
import type { Policy } from '../core/policy.ts';
import type { EndReply, HeartbeatReply, Reply } from '../core/reply.ts';
import type { Fingerprint, Scope, Seat } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import { read, type Procedure } from '../service/procedure.ts';
import type { SeatStore } from '../service/store.ts';

/** The row without device and heartbeat, or deleted. */
export function vacant(seat: Seat): Seat {
  return { term: seat.term, latest: null, previous: null };
}

/** A statement that reads the row, and what it would mean for the start. Whoever acts on it later acts on what was. */
export function check(command: StartCommand, policy: Policy): Procedure<Reply> {
  return read('check', (store, now) => decide(store.read(command.scope), command.scope, command, policy, now).reply);
}

/**
 * Writes the caller into the row, whatever is in it by now, and answers what the check has found. A session that the check
 * found to be the caller's stays what it is, and where devices share their session, so does that of the device.
 */
export function claim(
  store: SeatStore,
  command: StartCommand,
  policy: Policy,
  now: Instant,
  found: Reply | null,
): Reply {
  const { scope, device } = command;
  const seat = store.read(scope);
  const kept = found?.type === 'granted' && found.term === seat.term && found.session === seat.latest?.id;
  const own = policy.sameDevice === 'join' ? seat.latest?.device === device : kept;
  const { seat: claimed, reply } = decide(own ? seat : vacant(seat), scope, command, policy, now);
  store.write(scope, claimed);
  if (reply.type !== 'granted' || found?.type !== 'granted') return reply;
  const { replaced = null, notice = null } = found;
  return { ...reply, replaced, notice };
}

/** Renews the row if it is the device's, whatever session the heartbeat is for: the row does not know sessions. */
export function renewOfDevice(
  store: SeatStore,
  command: HeartbeatCommand,
  caller: Fingerprint | null,
  policy: Policy,
  now: Instant,
): HeartbeatReply {
  const { scope } = command;
  const seat = store.read(scope);
  const { latest } = seat;
  const term = command.term ?? seat.term;
  if (latest === null || latest.device !== caller || latest.standing.type === 'swept') {
    return { type: 'gone', why: 'unknown', by: latest?.device ?? null };
  }
  store.write(scope, { ...seat, latest: { ...latest, standing: { type: 'held', lastHeartbeat: now } } });
  return { type: 'renewed', term, expiry: expiryOf(now, policy.timeout, policy) };
}

/** Writes the row of the caller, and makes one where there is none. */
export function upsert(
  store: SeatStore,
  command: HeartbeatCommand,
  caller: Fingerprint | null,
  policy: Policy,
  now: Instant,
): HeartbeatReply {
  const { scope, session } = command;
  const seat = store.read(scope);
  const term = command.term ?? seat.term;
  const own = seat.latest !== null && seat.latest.device === caller ? seat.latest : null;
  store.write(scope, {
    term: own === null ? term : seat.term,
    latest: {
      id: own?.id ?? session,
      device: caller ?? '',
      startedAt: own?.startedAt ?? now,
      timeout: policy.timeout,
      closedUntil: null,
      standing: { type: 'held', lastHeartbeat: now },
    },
    previous: null,
  });
  return { type: 'renewed', term, expiry: expiryOf(now, policy.timeout, policy) };
}

/** Writes a heartbeat into the row, whoever has it by now. */
export function giveHeartbeat(store: SeatStore, scope: Scope, now: Instant): void {
  const seat = store.read(scope);
  if (seat.latest === null) return;
  store.write(scope, { ...seat, latest: { ...seat.latest, standing: { type: 'held', lastHeartbeat: now } } });
}

/** Empties the row if it is the device's. */
export function clearOfDevice(store: SeatStore, command: EndCommand, caller: Fingerprint | null): EndReply {
  const seat = store.read(command.scope);
  if (seat.latest === null) return { type: 'ended' };
  if (seat.latest.device !== caller) return { type: 'gone', why: 'unknown', by: seat.latest.device };
  store.write(command.scope, vacant(seat));
  return { type: 'ended' };
}

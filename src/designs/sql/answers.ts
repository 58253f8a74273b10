/** The answers of the port, made of what the designs of the notes know. */
import { idleNotice, refusalNotice, replacementNotice } from '../../core/notices.ts';
import type { Policy } from '../../core/policy.ts';
import type { Active, Gone, Granted, Holder, Idle, Refused, Renewed, Swept } from '../../core/reply.ts';
import type { StartCommand } from '../../core/command.ts';
import type { Duration, Instant } from '../../core/time.ts';
import { LICENSE } from './system.ts';

/** A row of a holder, as most designs store it. `age_ms` is that of the last heartbeat, by the database's clock. */
export interface HolderRow {
  readonly session_id: string;
  readonly device: string;
  readonly term: number;
  readonly age_ms: number | null;
  readonly now_ms: number;
}

export function granted(
  row: { session_id: string; term: number; now_ms: number },
  policy: Policy,
  replaced: Holder | null = null,
): Granted {
  const { session_id: session, term } = row;
  const notice = replaced === null ? null : replacementNotice('another-device');
  return { type: 'granted', session, term, expiry: expiryAt(row.now_ms, policy), replaced, notice };
}

export function refused(row: HolderRow, command: StartCommand, policy: Policy): Refused {
  const reason = row.device === command.device ? 'same-device' : 'other-device';
  const retryAfter = Math.max(0, ageAtExpiry(policy) - (row.age_ms ?? 0)) as Duration;
  return {
    type: 'refused',
    reason,
    holder: holderOf(row),
    retryAfter,
    replaced: null,
    notice: refusalNotice(reason, retryAfter, false),
  };
}

export function renewed(row: { term: number; now_ms: number }, policy: Policy): Renewed {
  return { type: 'renewed', term: row.term, expiry: expiryAt(row.now_ms, policy) };
}

export function gone(why: NonNullable<Gone['why']>, by: string | null = null): Gone {
  return { type: 'gone', why, by };
}

export function active(row: HolderRow, policy: Policy): Active {
  return { type: 'active', holder: holderOf(row), expiry: expiryAt(row.now_ms - (row.age_ms ?? 0), policy) };
}

export function idle(): Idle {
  const retryAfter = 0 as Duration;
  return { type: 'idle', retryAfter, notice: idleNotice(retryAfter, false) };
}

export function swept(rows: readonly Pick<HolderRow, 'session_id' | 'device' | 'term'>[]): Swept {
  const scope = { license: LICENSE, symbol: '' };
  return { type: 'swept', sessions: rows.map((row) => ({ ...holderOf(row), scope })) };
}

export function holderOf({
  session_id: session,
  device,
  term,
}: Pick<HolderRow, 'session_id' | 'device' | 'term'>): Holder {
  return { session, device, term };
}

/** Whether a session of this age counts no more. */
export function hasExpired(age: number | null, policy: Policy): boolean {
  return age === null || age >= ageAtExpiry(policy);
}

function ageAtExpiry({ timeout, expiry }: Policy): number {
  return expiry === 'at' ? timeout : timeout + 1;
}

function expiryAt(now: number, policy: Policy): Instant {
  return (now + ageAtExpiry(policy)) as Instant;
}

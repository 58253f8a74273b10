/** Answers of the cases, from rows of node-postgres, and the SQL of their instants and durations. */
import type { Gone, Refused } from '../../src/core/reply.ts';

/** A row of a session. What a case does not keep is absent. */
export interface SessionRow {
  readonly session: string;
  readonly device: string;
  readonly term: number;
  readonly expiry: number;
  readonly wait: number;
}

/** An instant as milliseconds of the virtual clock. */
export const AT = (sql: string): string =>
  `round(extract(epoch FROM (${sql}) - timestamptz '2000-01-01 00:00Z') * 1000)::float8`;

/** An interval as milliseconds. */
export const MS = (sql: string): string => `round(extract(epoch FROM (${sql})) * 1000)::float8`;

export function granted({ session, term, expiry }: Pick<SessionRow, 'session' | 'term' | 'expiry'>) {
  return { type: 'granted', session, term, expiry, replaced: null } as const;
}

export function refused({ session, device, term, wait }: Omit<SessionRow, 'expiry'>, caller: string) {
  const reason: Refused['reason'] = device === caller ? 'same-device' : 'other-device';
  return {
    type: 'refused',
    reason,
    holder: { session, device, term },
    retryAfter: wait,
    replaced: null,
  } as const;
}

export function renewed({ term, expiry }: Pick<SessionRow, 'term' | 'expiry'>) {
  return { type: 'renewed', term, expiry } as const;
}

export function gone(why: Gone['why'] = 'unknown') {
  return { type: 'gone', why, by: null } as const;
}

/** What the tables hold, as the core's own data. */
import type { Client } from 'pg';
import type { Predecessor, Scope, Standing } from '../core/seat.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { SeatRow } from '../history/history.ts';
import { toInstant } from './clock.ts';

/** Every seat of a table of the reference schema, ordered by license, then symbol (by code units). One round trip. */
export async function readSeats(client: Client, schema: string, table: string): Promise<readonly SeatRow[]> {
  const { rows } = await client.query<StoredSeat>({
    name: `${schema}:${table}`,
    text: `
      SELECT
        license_key, symbol, term, session_id, device, state, timeout_ms, revoked_by, previous_session_id, previous_how,
        ${toInstant('started_at')} AS started, ${toInstant('last_heartbeat')} AS heartbeat,
        ${toInstant('revoked_at')} AS revoked, ${toInstant('closed_until')} AS closed
      FROM ${schema}.${table}`,
  });
  return rows.map(seatOf).sort(byScope);
}

/**
 * By license, then symbol, by code units. Not left to the database: it orders by code points or by language, which puts
 * characters beyond the first 65,536 elsewhere.
 */
export function byScope(a: { readonly scope: Scope }, b: { readonly scope: Scope }): number {
  return compare(a.scope.license, b.scope.license) || compare(a.scope.symbol, b.scope.symbol);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface StoredSeat {
  readonly license_key: string;
  readonly symbol: string;
  readonly term: number;
  readonly session_id: string;
  readonly device: string;
  readonly state: Standing['type'];
  readonly started: Instant;
  readonly heartbeat: Instant | null;
  readonly timeout_ms: Duration;
  readonly closed: Instant | null;
  readonly revoked: Instant | null;
  readonly revoked_by: string | null;
  readonly previous_session_id: string | null;
  readonly previous_how: Predecessor['how'] | null;
}

function seatOf(row: StoredSeat): SeatRow {
  const { previous_session_id: id, previous_how: how } = row;
  return {
    scope: { license: row.license_key, symbol: row.symbol },
    seat: {
      term: row.term,
      latest: {
        id: row.session_id,
        device: row.device,
        startedAt: row.started,
        timeout: row.timeout_ms,
        closedUntil: row.closed,
        standing: standingOf(row),
      },
      previous: id === null || how === null ? null : { id, how },
    },
  };
}

function standingOf({ state, heartbeat, revoked, revoked_by: by }: StoredSeat): Standing {
  if (state === 'released') return { type: 'released' };
  if (heartbeat === null) throw new Error(`a ${state} seat without a heartbeat: the table lacks its constraints`);
  if (state !== 'revoked') return { type: state, lastHeartbeat: heartbeat };
  if (revoked === null || by === null) throw new Error('a revoked seat that does not tell by whom');
  return { type: 'revoked', lastHeartbeat: heartbeat, revokedAt: revoked, revokedBy: by };
}

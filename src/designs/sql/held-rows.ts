/** Tables that keep only who holds, as seats. */
import type { ClientBase } from 'pg';
import type { Policy } from '../../core/policy.ts';
import type { Instant } from '../../core/time.ts';
import type { SeatRow } from '../../history/history.ts';
import { toInstant } from '../../postgres/clock.ts';

interface Held {
  readonly license_key: string;
  readonly symbol: string;
  readonly device: string;
  readonly session_id: string;
  readonly term: number;
  readonly heartbeat: Instant;
}

/** The rows of `active_sessions`; what was there before is not remembered in them. */
export async function readHeldRows(client: ClientBase, policy: Policy): Promise<readonly SeatRow[]> {
  const { rows } = await client.query<Held>(
    `SELECT license_key, symbol, device, session_id, term, ${toInstant('last_heartbeat')} AS heartbeat FROM active_sessions`,
  );
  return rows.map(({ license_key: license, symbol, device, session_id: id, term, heartbeat }) => ({
    scope: { license, symbol },
    seat: {
      term,
      latest: {
        id,
        device,
        startedAt: heartbeat,
        timeout: policy.timeout,
        closedUntil: null,
        standing: { type: 'held', lastHeartbeat: heartbeat },
      },
      previous: null,
    },
  }));
}

/**
 * Tells who has a seat, or how long until somebody else may, in one statement. It reads and locks nothing, so it tells how
 * things stood when it began. No row where there is no such license.
 */
import type { Standing } from '../../core/seat.ts';
import type { Duration, Instant } from '../../core/time.ts';
import { toInstant } from '../clock.ts';
import { IF_LICENSE_IS_KNOWN } from './license.ts';
import { expiryOf, holdsSeat, opensAt, waitFor } from './expiry.ts';

export interface StatusRow {
  readonly active: boolean;
  /** Null, as device, term and state are, for a seat that was never granted. */
  readonly session_id: string | null;
  readonly device: string | null;
  readonly term: number | null;
  readonly state: Standing['type'] | null;
  /** Null for a released seat too. */
  readonly expiry: Instant | null;
  readonly retry_after_ms: Duration;
}

export const STATUS = {
  name: 'seatproof:status',
  text: `
WITH asked AS MATERIALIZED (
  SELECT
    $3::bigint AS boundary_ms, $4::bigint AS sweep_every_ms, $5::bigint AS after_expiry_ms,
    $6::bigint AS after_takeover_ms,
    now() AS now
)
SELECT
  coalesce(${holdsSeat('seat', 'asked')}, false) AS active,
  seat.session_id, seat.device, seat.term, seat.state,
  ${toInstant(`(${expiryOf('seat', 'asked')})`)} AS expiry,
  ${waitFor('seat', 'asked', 'opens.at')} AS retry_after_ms
FROM asked
  LEFT JOIN seats AS seat ON seat.license_key = $1 AND seat.symbol = $2
  CROSS JOIN LATERAL (SELECT ${opensAt('seat', 'asked')} AS at) AS opens
${IF_LICENSE_IS_KNOWN}`,
} as const;

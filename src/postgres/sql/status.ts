/**
 * Tells who has a seat, or how long until somebody else may, in one statement. It reads and locks nothing, so it tells how
 * things stood when it began. No row where the seat was never granted.
 */
import type { Duration, Instant } from '../../core/time.ts';
import { toInstant } from '../clock.ts';
import { expiryOf, holdsSeat, opensAt, waitFor } from './expiry.ts';

export interface StatusRow {
  readonly active: boolean;
  readonly session_id: string;
  readonly device: string;
  readonly term: number;
  /** Null for a released seat. */
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
  ${holdsSeat('seat', 'asked')} AS active,
  seat.session_id, seat.device, seat.term,
  ${toInstant(`(${expiryOf('seat', 'asked')})`)} AS expiry,
  ${waitFor('seat', 'asked', 'opens.at')} AS retry_after_ms
FROM asked
  CROSS JOIN seats AS seat
  CROSS JOIN LATERAL (SELECT ${opensAt('seat', 'asked')} AS at) AS opens
WHERE seat.license_key = $1 AND seat.symbol = $2`,
} as const;

/**
 * Renews one session of one term, in one statement.
 *
 * - `seat` locks the row and sees its newest version. A start or an end that comes at the same time is over before, or
 *   waits until this is over.
 * - `asked` reads the clock after that wait: a heartbeat that waited until its session had expired is late.
 * - `ruling` asks first whether the session and term named are those of the seat. If not, all that can be said is how the
 *   term before ended, when it was that one's.
 * - `changed` renews the row where that was ruled, and nothing else.
 *
 * No row where there is no such license.
 */
import type { Instant } from '../../core/time.ts';
import { fromDuration, toInstant } from '../clock.ts';
import { hasExpired } from './expiry.ts';
import { goneSince } from './gone.ts';
import { IF_LICENSE_IS_KNOWN } from './license.ts';
import { TIME_AFTER_LOCK } from './lock.ts';

export interface HeartbeatRow {
  readonly verdict: 'renewed' | 'expired' | 'replaced' | 'ended' | 'unknown';
  /** Who has or had the seat since. */
  readonly by: string | null;
  readonly expiry: Instant;
}

export const HEARTBEAT = {
  name: 'seatproof:heartbeat',
  text: `
WITH seat AS MATERIALIZED (
  SELECT * FROM seats WHERE license_key = $1 AND symbol = $2 FOR NO KEY UPDATE
),
asked AS MATERIALIZED (
  SELECT
    $1::text AS license_key, $2::text AS symbol, $3::text AS session_id, $4::bigint AS term,
    $5::bigint AS timeout_ms, $6::bigint AS boundary_ms, $7::text AS late_heartbeat,
    ${TIME_AFTER_LOCK}
),
ruling AS MATERIALIZED (
  SELECT
    CASE
      WHEN (seat.session_id, seat.term) IS DISTINCT FROM (asked.session_id, asked.term)
        THEN ${goneSince('seat', 'asked')}
      WHEN seat.state = 'released' THEN 'ended'
      WHEN seat.state = 'swept' THEN 'expired'
      WHEN seat.state = 'revoked' THEN 'replaced'
      WHEN asked.late_heartbeat = 'reject' AND ${hasExpired('seat', 'asked')} THEN 'expired'
      ELSE 'renewed'
    END AS verdict
  FROM asked LEFT JOIN seat ON true
),
changed AS (
  UPDATE seats
  SET last_heartbeat = asked.now, timeout_ms = asked.timeout_ms
  FROM asked, ruling
  WHERE seats.license_key = $1 AND seats.symbol = $2 AND verdict = 'renewed'
)
SELECT
  verdict,
  CASE
    WHEN verdict = 'unknown' THEN NULL
    WHEN seat.term = asked.term THEN seat.revoked_by -- null unless it was revoked
    ELSE seat.device
  END AS by,
  ${toInstant(`(asked.now + ${fromDuration('asked.timeout_ms + asked.boundary_ms')})`)} AS expiry
FROM ruling CROSS JOIN asked LEFT JOIN seat ON true
${IF_LICENSE_IS_KNOWN}`,
} as const;

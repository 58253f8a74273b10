/**
 * Ends one session of one term, in one statement. Said again, it changes nothing more.
 *
 * - `seat` locks the row and sees its newest version.
 * - `ruling` lets go of the seat for whichever session and term it is the seat's, also when that one expired or was
 *   revoked: its client says that it has stopped, so nobody need wait for it any more.
 * - `changed` clears the heartbeat where that was ruled: a missing heartbeat means released, and nothing else does.
 *
 * No row where there is no such license.
 */
import { goneSince } from './gone.ts';
import { IF_LICENSE_IS_KNOWN } from './license.ts';

export interface EndRow {
  readonly verdict: 'released' | 'ended' | 'expired' | 'replaced' | 'unknown';
  /** Who has or had the seat since. */
  readonly by: string | null;
}

export const END = {
  name: 'seatproof:end',
  text: `
WITH asked AS MATERIALIZED (
  SELECT $3::text AS session_id, $4::bigint AS term
),
seat AS MATERIALIZED (
  SELECT * FROM seats WHERE license_key = $1 AND symbol = $2 FOR NO KEY UPDATE
),
ruling AS MATERIALIZED (
  SELECT
    CASE
      WHEN (seat.session_id, seat.term) IS DISTINCT FROM (asked.session_id, asked.term)
        THEN ${goneSince('seat', 'asked')}
      WHEN seat.state = 'released' THEN 'ended'
      ELSE 'released'
    END AS verdict
  FROM asked LEFT JOIN seat ON true
),
changed AS (
  UPDATE seats
  SET state = 'released', last_heartbeat = NULL, revoked_at = NULL, revoked_by = NULL
  FROM ruling
  WHERE seats.license_key = $1 AND seats.symbol = $2 AND verdict = 'released'
)
SELECT verdict, CASE WHEN verdict IN ('expired', 'replaced') THEN seat.device END AS by
FROM ruling LEFT JOIN seat ON true
${IF_LICENSE_IS_KNOWN}`,
} as const;

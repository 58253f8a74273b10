/**
 * Asks for a seat, in one statement.
 *
 * How it stays right when several ask at once:
 *
 * - `seat` locks the row. Who comes second waits there, and then sees the row as the first one left it: a locking read
 *   follows a row to its newest version, whatever the snapshot of its statement says.
 * - `asked` reads the clock after that wait. Judged by the time at which the statement began, a session could be found live
 *   that expired while it waited, and a heartbeat be written that is older than the one before it.
 * - `ruling` decides once, from that row and the figures of the policy; everything after it only carries it out.
 * - `written` writes the row that was ruled, whole, and only where the ruling changes something: a refusal writes nothing.
 * - A row that did not exist could not be locked. Of two that both saw none, the second waits at the primary key, finds the
 *   row of the first there, and must not touch it, because it has not judged it (`WHERE EXISTS`). Then the statement has
 *   changed nothing and returns no row, and the caller says it again; this time the row is there to be locked.
 *
 * Fails with a foreign key violation when the license goes away while it runs.
 */
import type { Predecessor, Standing } from '../../core/seat.ts';
import type { Duration, Instant } from '../../core/time.ts';
import { fromDuration, toDuration, toInstant } from '../clock.ts';
import { TIME_AFTER_LOCK } from './lock.ts';
import { expiryOf, holdsSeat, opensAt, waitFor } from './expiry.ts';

export interface StartRow {
  readonly verdict:
    /** The next term, on a free seat. */
    | 'granted'
    /** The next term, and the holder is replaced. */
    | 'replaced'
    /** The session that is there already, renewed. */
    | 'kept'
    /** The holder is replaced, and the grace after a takeover keeps the asker waiting. */
    | 'revoked'
    | 'other-device'
    | 'same-device'
    | 'grace'
    /** This very session is over: its own client has ended it, or somebody has followed it. */
    | 'gone'
    /** Nobody bought such a license. */
    | 'unknown-license';
  /** The session of the seat after the statement, for a grant. */
  readonly session_id: string;
  readonly term: number;
  readonly expiry: Instant;
  /** Who was there before; null on a fresh seat. */
  readonly holder_session_id: string | null;
  readonly holder_device: string | null;
  readonly holder_term: number | null;
  readonly holder_state: Standing['type'] | null;
  /** How the session that asks came to its end, where it is the one of the term before. */
  readonly asker_how: Predecessor['how'] | null;
  readonly retry_after_ms: Duration;
}

export const START = {
  name: 'seatproof:start',
  text: `
WITH seat AS MATERIALIZED (
  SELECT * FROM seats WHERE license_key = $1 AND symbol = $2 FOR NO KEY UPDATE
),
asked AS MATERIALIZED (
  SELECT
    $1::text AS license_key, $2::text AS symbol, $3::text AS session_id, $4::text AS device, $5::bigint AS take_over,
    $6::bigint AS timeout_ms, $7::bigint AS boundary_ms, $8::text AS on_conflict, $9::text AS same_device_policy,
    $10::bigint AS sweep_every_ms, $11::bigint AS after_expiry_ms, $12::bigint AS after_takeover_ms,
    ${TIME_AFTER_LOCK}
),
-- What the guards below ask. On a fresh seat everything of it is null.
fact AS MATERIALIZED (
  SELECT
    ${holdsSeat('seat', 'asked')} AS holds,
    seat.device = asked.device AS same_device,
    seat.device = asked.device AND seat.session_id = asked.session_id AS same_session,
    asked.on_conflict = 'ask' AND asked.take_over IS NOT DISTINCT FROM seat.term AS agreed,
    ${opensAt('seat', 'asked')} AS opens_at,
    -- When it would open if the holder were revoked now.
    greatest(seat.closed_until, least(
      asked.now + ${fromDuration('asked.after_takeover_ms')},
      ${expiryOf('seat', 'asked')} + ${fromDuration('asked.after_expiry_ms')})) AS opens_at_if_revoked
  FROM asked, seat
),
ruling AS MATERIALIZED (
  SELECT
    CASE
      WHEN NOT EXISTS (SELECT FROM licenses WHERE licenses.license_key = $1) THEN 'unknown-license'

      -- Never granted before: nobody to judge.
      WHEN seat.term IS NULL THEN 'granted'

      -- A late copy of a start must not bring back what its own client ended, nor what somebody has followed since.
      WHEN same_session AND seat.state = 'released' THEN 'gone'
      WHEN NOT same_session AND seat.previous_session_id = asked.session_id THEN 'gone'

      -- Nobody has it, but a grace keeps it free for a while. A device need not wait for its own silent session, unless
      -- the seat was promised away from it, or the policy refuses the own device too.
      WHEN NOT holds AND wait.ms > 0
        AND NOT (same_device AND seat.state <> 'revoked' AND asked.same_device_policy <> 'refuse') THEN 'grace'
      WHEN NOT holds THEN 'granted'

      -- It is the asker's already: a start said twice, or a second process on the device.
      WHEN same_session THEN 'kept'
      WHEN same_device AND asked.same_device_policy = 'join' THEN 'kept'
      WHEN same_device AND asked.same_device_policy = 'reconnect' THEN 'replaced'
      WHEN same_device AND agreed THEN 'replaced'
      WHEN same_device THEN 'same-device'

      -- It is another device's. Only who may take over gets past here.
      WHEN NOT (asked.on_conflict = 'take-over' OR agreed) THEN 'other-device'
      -- The holder loses it in any case; whether the asker has it at once depends on the grace that is left.
      WHEN opens_at_if_revoked > asked.now THEN 'revoked'
      ELSE 'replaced'
    END AS verdict,
    wait.ms AS wait_ms,
    same_device,
    same_session,
    opens_at,
    opens_at_if_revoked
  FROM asked
    LEFT JOIN seat ON true
    LEFT JOIN fact ON true
    CROSS JOIN LATERAL (SELECT ${waitFor('seat', 'asked', 'fact.opens_at')} AS ms) AS wait
),
next AS MATERIALIZED (
  -- A grant: the next term, and the term before is remembered with how it ended.
  SELECT
    verdict, asked.license_key, asked.symbol, coalesce(seat.term, 0) + 1 AS term, asked.session_id, asked.device,
    'held' AS state, asked.now AS started_at, asked.now AS last_heartbeat, asked.timeout_ms,
    -- What the device itself replaced may work on until it is told, as if another device had taken over.
    CASE WHEN same_device THEN
      nullif(greatest(asked.now, CASE verdict WHEN 'replaced' THEN opens_at_if_revoked ELSE opens_at END), asked.now)
    END AS closed_until,
    NULL::timestamptz AS revoked_at, NULL::text AS revoked_by,
    seat.session_id AS previous_session_id,
    CASE
      WHEN seat.term IS NULL THEN NULL
      WHEN seat.state = 'released' THEN 'ended'
      WHEN verdict = 'replaced' OR seat.state = 'revoked' THEN 'replaced'
      ELSE 'expired'
    END AS previous_how
  FROM ruling CROSS JOIN asked LEFT JOIN seat ON true
  WHERE verdict IN ('granted', 'replaced')
  UNION ALL
  -- A start is a sign of life.
  SELECT
    verdict, seat.license_key, seat.symbol, seat.term, seat.session_id, seat.device,
    'held', seat.started_at, asked.now, asked.timeout_ms, seat.closed_until,
    NULL, NULL,
    seat.previous_session_id, seat.previous_how
  FROM ruling, asked, seat
  WHERE verdict = 'kept'
  UNION ALL
  SELECT
    verdict, seat.license_key, seat.symbol, seat.term, seat.session_id, seat.device,
    'revoked', seat.started_at, seat.last_heartbeat, seat.timeout_ms, seat.closed_until,
    asked.now, asked.device,
    seat.previous_session_id, seat.previous_how
  FROM ruling, asked, seat
  WHERE verdict = 'revoked'
),
written AS (
  INSERT INTO seats AS stored (
    license_key, symbol, term, session_id, device, state, started_at, last_heartbeat, timeout_ms, closed_until,
    revoked_at, revoked_by, previous_session_id, previous_how)
  SELECT
    license_key, symbol, term, session_id, device, state, started_at, last_heartbeat, timeout_ms, closed_until,
    revoked_at, revoked_by, previous_session_id, previous_how
  FROM next
  ON CONFLICT (license_key, symbol) DO UPDATE SET (
    term, session_id, device, state, started_at, last_heartbeat, timeout_ms, closed_until,
    revoked_at, revoked_by, previous_session_id, previous_how
  ) = (
    excluded.term, excluded.session_id, excluded.device, excluded.state, excluded.started_at, excluded.last_heartbeat,
    excluded.timeout_ms, excluded.closed_until, excluded.revoked_at, excluded.revoked_by,
    excluded.previous_session_id, excluded.previous_how)
  WHERE EXISTS (SELECT FROM seat)
  RETURNING stored.session_id, stored.term
)
SELECT
  verdict,
  written.session_id, written.term,
  ${toInstant(`(asked.now + ${fromDuration('asked.timeout_ms + asked.boundary_ms')})`)} AS expiry,
  seat.session_id AS holder_session_id, seat.device AS holder_device, seat.term AS holder_term,
  seat.state AS holder_state, CASE WHEN NOT same_session THEN seat.previous_how END AS asker_how,
  CASE verdict WHEN 'revoked' THEN ${toDuration('(opens_at_if_revoked - asked.now)')} ELSE wait_ms END AS retry_after_ms
FROM ruling CROSS JOIN asked
  LEFT JOIN seat ON true
  LEFT JOIN written ON true
WHERE written.term IS NOT NULL OR verdict NOT IN ('granted', 'replaced', 'kept', 'revoked')`,
} as const;

/**
 * Lets go of every session that has expired, in one statement.
 *
 * - `due` locks the rows one after another in the order of their keys, so that two sweeps do not wait for each other
 *   crosswise. A row that changed while the sweep waited for it is judged again as it is now: a heartbeat that came first
 *   is not swept.
 *   The time is that at which the sweep began, on purpose: an earlier time only ever spares a session.
 * - `swept` writes those rows, and returns them.
 */
import { hasExpired } from './expiry.ts';

export interface SweepRow {
  readonly license_key: string;
  readonly symbol: string;
  readonly session_id: string;
  readonly device: string;
  readonly term: number;
}

export const SWEEP = {
  name: 'seatproof:sweep',
  text: `
WITH asked AS MATERIALIZED (
  SELECT $1::bigint AS boundary_ms, now() AS now
),
due AS MATERIALIZED (
  SELECT seat.license_key, seat.symbol
  FROM seats AS seat, asked
  WHERE seat.state = 'held' AND ${hasExpired('seat', 'asked')}
  ORDER BY seat.license_key, seat.symbol
  FOR NO KEY UPDATE OF seat
)
UPDATE seats
SET state = 'swept'
FROM due
WHERE seats.license_key = due.license_key AND seats.symbol = due.symbol
RETURNING seats.license_key, seats.symbol, seats.session_id, seats.device, seats.term`,
} as const;

/** The one thing that happens almost always: a holder renews in good time and its row says so. What each law makes of it is known beforehand. */
import type { Instant } from '../core/time.ts';
import type { SeatRow } from '../history/history.ts';
import type { Bounds } from './bounds.ts';
import type { AnsweredOperation, Operation } from './evidence.ts';
import type { Ledger, Tenure } from './ledger.ts';

/** What a plain renewal and the row that follows it put to the test. Neither ever breaks a law. */
export interface PlainTests {
  readonly call?: true;
  readonly row?: true;
}

/**
 * When the session was renewed, if this call is a plain renewal: by the holder of record, not its first, long
 * before its timeout, and with the expiry that follows from an instant within the call. Null for any other call.
 */
export function plainSign(
  { tenure, strayEnd }: Ledger,
  lastSign: Instant,
  { command, answer }: AnsweredOperation,
  { boundary, timeout }: Bounds,
): Instant | null {
  const { reply, storeTime, slack } = answer;
  if (command.type !== 'heartbeat' || reply.type !== 'renewed' || tenure === null || strayEnd !== null) return null;
  if (tenure.standing.type !== 'held' || tenure.sign.kind !== 'heartbeat') return null;
  if (tenure.term !== command.term || reply.term !== command.term || tenure.id !== command.session) return null;
  if (reply.expiry === undefined) return null;
  // From a millisecond before the timeout on, laws look at which side of it a call falls.
  if (storeTime - lastSign >= timeout - 1) return null;
  const sign = (reply.expiry - boundary) as Instant;
  return sign >= lastSign && sign <= storeTime && sign >= storeTime - slack ? sign : null;
}

/** Whether the row says no more than that the holder of record was renewed at this instant, and only heartbeats came before it. */
export function isPlainRow(tenure: Tenure, sign: Instant, row: SeatRow | null, since: readonly Operation[]): boolean {
  const latest = row?.seat.latest;
  if (row === null || !latest || latest.standing.type !== 'held' || latest.standing.lastHeartbeat !== sign)
    return false;
  if (row.seat.term !== tenure.term || latest.id !== tenure.id || since.length === 0) return false;
  for (const { command } of since) if (command.type !== 'heartbeat') return false;
  return true;
}

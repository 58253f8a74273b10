/** The session that a row of the store shows, named as replies name one, so that it compares with the ledger. */
import type { Fingerprint, SessionId, Standing, Term } from '../core/seat.ts';
import type { SeatRow } from '../history/history.ts';

export interface Stored {
  readonly session: SessionId;
  readonly term: Term;
  readonly device: Fingerprint;
  readonly standing: Standing;
}

/** Null where the store has no row of the seat, or the row shows no session. */
export function storedIn(row: SeatRow | null | undefined): Stored | null {
  const latest = row?.seat.latest;
  if (!row || !latest) return null;
  return { session: latest.id, term: row.seat.term, device: latest.device, standing: latest.standing };
}

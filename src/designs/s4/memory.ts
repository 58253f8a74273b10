/** Seats in the memory of a server's process: gone when it crashes, and known to no other process. */
import { FRESH_SEAT, type Scope, type Seat } from '../../core/seat.ts';
import { between, START, type Duration, type Instant } from '../../core/time.ts';
import type { SeatRow } from '../../history/history.ts';

export class SeatMemory {
  readonly #rows = new Map<string, SeatRow & { readonly since: Instant }>();

  read(scope: Scope): Seat {
    return this.#rows.get(keyOf(scope))?.seat ?? FRESH_SEAT;
  }

  /** The seat if it was written no longer ago than this; null otherwise. */
  recent(scope: Scope, now: Instant, atMost: Duration): Seat | null {
    const row = this.#rows.get(keyOf(scope));
    return row !== undefined && between(row.since, now) <= atMost ? row.seat : null;
  }

  write(scope: Scope, seat: Seat, now: Instant = START): void {
    this.#rows.set(keyOf(scope), { scope, seat, since: now });
  }

  rows(): readonly SeatRow[] {
    return [...this.#rows.values()].map(({ scope, seat }) => ({ scope, seat }));
  }
}

function keyOf({ license, symbol }: Scope): string {
  return `${license}\n${symbol}`;
}

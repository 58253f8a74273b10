/** What was last written down of one store. */
import type { Seat } from '../core/seat.ts';
import type { SeatRow } from '../history/history.ts';

export class Shown {
  /** By scope; and whether no call was under way then. */
  readonly #seats = new Map<string, { readonly seat: Seat; readonly atRest: boolean }>();
  /** All rows as they were looked at last. */
  #rows: readonly SeatRow[] = [];
  /** Whether some row was written down in the middle of calls, and not since. */
  #unsettled = false;

  /** Takes note of what the store holds now. The rows that are to be written down, because they differ; null where none does. */
  update(rows: readonly SeatRow[], atRest: boolean): readonly SeatRow[] | null {
    let changed: SeatRow[] | null = null;
    const before = this.#rows;
    const again = atRest && this.#unsettled;
    for (let place = 0; place < rows.length; place += 1) {
      const row = rows[place] as SeatRow;
      // Most rows are the same objects as last time.
      if (row === before[place] && !again) continue;
      const key = `${row.scope.license}\n${row.scope.symbol}`;
      const last = this.#seats.get(key);
      // What was seen in the middle of calls is written down once more when they are over.
      if (last?.seat === row.seat && (last.atRest || !atRest)) continue;
      this.#seats.set(key, { seat: row.seat, atRest });
      if (changed === null) changed = [row];
      else changed.push(row);
    }
    this.#rows = rows;
    this.#unsettled = !atRest && (this.#unsettled || changed !== null);
    return changed;
  }
}

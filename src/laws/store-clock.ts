/** What the store's clock may have done while true time passed: it drifts, and it is set. */
import type { Duration } from '../core/time.ts';
import type { Clock } from '../history/history.ts';

/** The store's clock may run this much faster than true time without a word about it. */
const UNDECLARED = 0.001;

export class StoreClock {
  readonly #rate: number;
  readonly #sets: { readonly by: number; readonly position: number }[] = [];

  constructor(clocks: readonly Clock[]) {
    const drift = clocks.find(({ clock }) => clock === 'store')?.drift ?? 0;
    this.#rate = 1 + Math.max(UNDECLARED, drift / 1e6);
  }

  set(by: number, position: number): void {
    this.#sets.push({ by, position });
  }

  /** How much it may have advanced by itself in this much true time. */
  atMost(trueTime: Duration): Duration {
    return Math.ceil(Math.max(0, trueTime) * this.#rate) as Duration;
  }

  /** How far it was set back, and forth, since this position in the History. */
  setSince(position: number): { readonly back: number; readonly forth: number } {
    let [back, forth] = [0, 0];
    for (let i = this.#sets.length - 1; i >= 0; i -= 1) {
      const set = this.#sets[i];
      if (set === undefined || set.position < position) break;
      if (set.by < 0) back -= set.by;
      else forth += set.by;
    }
    return back === 0 && forth === 0 ? UNTOUCHED : { back, forth };
  }
}

const UNTOUCHED = { back: 0, forth: 0 };

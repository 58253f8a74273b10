/** A clock of a device, a server or a store: it may be off, run fast or slow, be set, and stop. */
import type { Instant } from '../core/time.ts';

const MILLION = 1_000_000;

export class DriftingClock {
  /** What it showed, `#shown`, at the true time `#from`. It has run undisturbed since. */
  #from = 0;
  #shown: number;
  /** Units of its own for each million of true time; 0 while it is stopped. */
  readonly #rate: number;
  #stopped = false;

  /** `offset` in milliseconds, `drift` in parts per million. */
  constructor(offset: number, drift: number) {
    this.#shown = offset;
    this.#rate = MILLION + drift;
  }

  read(trueTime: Instant): Instant {
    if (this.#stopped) return this.#shown as Instant;
    if (this.#rate === MILLION) return (this.#shown + trueTime - this.#from) as Instant;
    return (this.#shown + Math.floor(((trueTime - this.#from) * this.#rate) / MILLION)) as Instant;
  }

  /** The first true time, from `trueTime` on, at which it shows this much or more. It must be running. */
  when(shown: Instant, trueTime: Instant): Instant {
    if (this.#rate === MILLION) return Math.max(trueTime, this.#from + shown - this.#shown) as Instant;
    let at = Math.max(trueTime, this.#from + Math.floor(((shown - this.#shown) * MILLION) / this.#rate));
    while (this.read(at as Instant) < shown) at += 1;
    return at as Instant;
  }

  /** Forward, or back with a negative number of milliseconds. */
  set(trueTime: Instant, by: number): void {
    this.#mark(trueTime);
    this.#shown += by;
  }

  stop(trueTime: Instant): void {
    this.#mark(trueTime);
    this.#stopped = true;
  }

  go(trueTime: Instant): void {
    this.#mark(trueTime);
    this.#stopped = false;
  }

  #mark(trueTime: Instant): void {
    this.#shown = this.read(trueTime);
    this.#from = trueTime;
  }
}

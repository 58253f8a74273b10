/** True time in a world: the one clock behind everything that happens, `@sinonjs/fake-timers`. */
import { createClock, type Clock } from '@sinonjs/fake-timers';
import type { Duration, Instant } from '../core/time.ts';

/** What a timer was set as, to take it back. */
export type Timer = ReturnType<Clock['setTimeout']>;

export class TrueTime {
  readonly #clock: Clock = createClock(0);
  #ended = false;

  get now(): Instant {
    return this.#clock.now as Instant;
  }

  /** Calls back at an instant, at once where that is over. Timers of one instant fire in the order in which they were set. */
  at(instant: Instant, callback: () => void): Timer {
    return this.#clock.setTimeout(callback, Math.max(0, instant - this.#clock.now));
  }

  in(duration: Duration, callback: () => void): Timer {
    return this.#clock.setTimeout(callback, duration);
  }

  cancel(timer: Timer): void {
    this.#clock.clearTimeout(timer);
  }

  /** Lets everything happen until an instant, and everything of that instant. */
  runUntil(end: Instant): void {
    this.#endAt(end);
    while (!this.#ended) this.#clock.next();
  }

  /** The same, with time for promises after each happening: `settle` waits until they have had their say. */
  async runUntilSettled(end: Instant, settle: () => Promise<void>): Promise<void> {
    this.#endAt(end);
    await settle();
    while (!this.#ended) {
      this.#clock.next();
      await settle();
    }
  }

  /** One millisecond later, because timers set at the last instant for that instant still count. */
  #endAt(end: Instant): void {
    this.#clock.setTimeout(() => (this.#ended = true), end + 1);
  }
}

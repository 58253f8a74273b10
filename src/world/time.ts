/** True time in a world: the one clock behind everything that happens, `@sinonjs/fake-timers`. */
import { withGlobal, type Clock } from '@sinonjs/fake-timers';
import type { Duration, Instant } from '../core/time.ts';

/**
 * A clock whose timers are plain numbers, as in a browser. The objects that timers are in Node, with their methods, take a
 * third of the time of a whole run.
 */
const { createClock } = withGlobal({
  setTimeout: () => 0,
  clearTimeout: () => undefined,
  Date,
});

/** What a callback was set as, to take it back. */
export type Timer = ReturnType<Clock['setTimeout']> | Soon;

/** A callback for this instant, after what happens now. */
interface Soon {
  callback: (() => void) | null;
}

export class TrueTime {
  readonly #clock: Clock;
  /** A timer without delay would fire a millisecond late, so what is due at once waits here. */
  #soon: Soon[] = [];
  #ended = false;

  /** Of its own, or one that the global functions of time have been replaced by. */
  constructor(clock: Clock = createClock(0)) {
    this.#clock = clock;
  }

  get now(): Instant {
    return this.#clock.now as Instant;
  }

  /** Calls back at an instant, at once where that is over. */
  at(instant: Instant, callback: () => void): Timer {
    return this.in(Math.max(0, instant - this.#clock.now) as Duration, callback);
  }

  /** Calls back after a while. What is due at one instant happens in the order in which it became so. */
  in(duration: Duration, callback: () => void): Timer {
    if (duration > 0) return this.#clock.setTimeout(callback, duration);
    const soon: Soon = { callback };
    this.#soon.push(soon);
    return soon;
  }

  cancel(timer: Timer): void {
    if (typeof timer === 'object' && 'callback' in timer) timer.callback = null;
    else this.#clock.clearTimeout(timer);
  }

  /** Lets everything happen until an instant, and everything of that instant. */
  runUntil(end: Instant): void {
    this.#endAfter(end);
    this.#drain();
    while (!this.#ended) {
      this.#clock.next();
      this.#drain();
    }
  }

  /** The same, with time for promises after each happening: `settle` waits until they have had their say. */
  async runUntilSettled(end: Instant, settle: () => Promise<void>): Promise<void> {
    this.#endAfter(end);
    await this.#drainSettled(settle);
    while (!this.#ended) {
      this.#clock.next();
      await this.#drainSettled(settle);
    }
  }

  #endAfter(end: Instant): void {
    this.#clock.setTimeout(() => (this.#ended = true), end + 1);
  }

  #drain(): void {
    while (this.#soon.length > 0) for (const soon of this.#take()) soon.callback?.();
  }

  async #drainSettled(settle: () => Promise<void>): Promise<void> {
    await settle();
    while (this.#soon.length > 0) {
      for (const soon of this.#take()) {
        soon.callback?.();
        await settle();
      }
    }
  }

  #take(): readonly Soon[] {
    const due = this.#soon;
    this.#soon = [];
    return due;
  }
}

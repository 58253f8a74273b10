/** True time in a world: the one clock behind everything that happens. */
import type { Duration, Instant } from '../core/time.ts';
import { EventQueue, type Clockwork, type Handle } from './event-queue.ts';

/** What a callback was set as, to take it back. */
export type Timer = Handle;

/** A callback for this instant, after what happens now. */
class Soon {
  callback: (() => void) | null;
  constructor(callback: () => void) {
    this.callback = callback;
  }
}

export class TrueTime {
  readonly #clock: Clockwork;
  /** What the clock shows at the beginning of the run. */
  readonly #beginning: number;
  /** A timer without delay would fire a millisecond late, so what is due at once waits here. */
  #soon: Soon[] = [];
  #ended = false;

  /** Of its own, or one that the global functions of time have been replaced by. */
  constructor(clock: Clockwork = new EventQueue()) {
    this.#clock = clock;
    this.#beginning = clock.now;
  }

  get now(): Instant {
    return (this.#clock.now - this.#beginning) as Instant;
  }

  /** Calls back at an instant, at once where that is over. */
  at(instant: Instant, callback: () => void): Timer {
    return this.in(Math.max(0, instant - this.now) as Duration, callback);
  }

  /** Calls back after a while. What is due at one instant happens in the order in which it became so. */
  in(duration: Duration, callback: () => void): Timer {
    if (duration > 0) return this.#clock.setTimeout(callback, duration);
    const soon = new Soon(callback);
    this.#soon.push(soon);
    return soon;
  }

  cancel(timer: Timer): void {
    if (timer instanceof Soon) timer.callback = null;
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

  /** Lets everything happen that needs no time, with time for promises. */
  settleNow(settle: () => Promise<void>): Promise<void> {
    return this.#drainSettled(settle);
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

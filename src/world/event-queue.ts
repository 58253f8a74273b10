/** A clock of a world's own, for designs that look at no other: it goes from one timer to the next. */

/** What a timer was set as, to take it back. Each clock knows its own. */
export type Handle = object | number;

/** What a world asks of its clock. */
export interface Clockwork {
  readonly now: number;
  setTimeout(callback: () => void, delay: number): Handle;
  clearTimeout(handle: unknown): void;
  /** Goes on to the instant of the first timer, and calls it back. Timers of one instant come in the order in which they were set. */
  next(): void;
}

interface Event {
  readonly at: number;
  /** Counts the timers. */
  readonly order: number;
  /** Null once it was taken back: it stays where it is until its time comes. */
  callback: (() => void) | null;
}

/** A binary heap. The same as a clock of fake-timers, to which `test/world/event-queue.test.ts` holds it, in a sixth of the time. */
export class EventQueue implements Clockwork {
  now = 0;
  readonly #heap: Event[] = [];
  #set = 0;

  setTimeout(callback: () => void, delay: number): Event {
    const event = { at: this.now + delay, order: this.#set++, callback };
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(event);
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = heap[above] as Event;
      // One that was set later comes later, so only an earlier instant moves up.
      if (parent.at <= event.at) break;
      heap[hole] = parent;
      hole = above;
    }
    heap[hole] = event;
    return event;
  }

  clearTimeout(event: Event): void {
    event.callback = null;
  }

  next(): void {
    const event = this.#takeFirst();
    if (event === undefined || event.callback === null) return;
    this.now = event.at;
    event.callback();
  }

  #takeFirst(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let hole = 0;
    for (;;) {
      let below = 2 * hole + 1;
      if (below >= heap.length) break;
      let child = heap[below] as Event;
      const other = heap[below + 1];
      if (other !== undefined && isBefore(other, child)) {
        below += 1;
        child = other;
      }
      if (!isBefore(child, last)) break;
      heap[hole] = child;
      hole = below;
    }
    heap[hole] = last;
    return first;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/**
 * What an event touched, and whether two events can change places without anybody noticing.
 *
 * Two accesses depend on each other where the order decides what one of them sees or whether it waits: write and write of
 * one group of tables; write, and the end of a transaction that wrote there; read, and the commit of a writer. A read does
 * not depend on a write that is not committed. Under repeatable read the first statement of a transaction takes the
 * snapshot, so it depends on every commit of a writer. Under serializable see `Serial`.
 */
import type { Deed, Isolation } from './statement.ts';

/**
 * What an event of a serializable transaction is to the others of that level. The server looks for one that another one
 * has read past (it wrote what that one read) and that itself read past a third, and which of them it gives up depends on
 * who does what first. So everything depends on everything, but for transactions that have written nothing: nobody reads
 * past them, and between two of them nothing is found. Only a snapshot depends on the end of one: it decides whether they
 * met at all, should the later one come to write.
 */
type Serial =
  /** Reads, in a transaction that has written nothing. */
  | 'reads'
  /** Ends a transaction that has written nothing. */
  | 'ends'
  | 'anything';

export interface Footprint {
  /** Touches the database in a way that is not known. */
  readonly anything: boolean;
  readonly reads: ReadonlySet<string>;
  readonly locks: ReadonlySet<string>;
  /** What others can see from here on. */
  readonly publishes: ReadonlySet<string>;
  readonly releases: ReadonlySet<string>;
  readonly snapshot: boolean;
  /** Null for what is not at the level of serializable. */
  readonly serial: Serial | null;
  readonly clock: 'sets' | 'reads' | null;
  /** A step outside the database, whose memory may be shared by all such steps. */
  readonly local: boolean;
}

const NONE: ReadonlySet<string> = new Set();

export const UNTOUCHED: Footprint = {
  anything: false,
  reads: NONE,
  locks: NONE,
  publishes: NONE,
  releases: NONE,
  snapshot: false,
  serial: null,
  clock: null,
  local: false,
};

export const CLOCK_STEP: Footprint = { ...UNTOUCHED, clock: 'sets' };
export const LOCAL_STEP: Footprint = { ...UNTOUCHED, clock: 'reads', local: true };

export function dependent(a: Footprint, b: Footprint): boolean {
  if (a.local && b.local) return true;
  if (a.clock === 'sets' ? b.clock !== null || b.anything : b.clock === 'sets' && (a.clock !== null || a.anything))
    return true;
  if (a.anything || b.anything) return touchesDatabase(a) && touchesDatabase(b);
  if (a.serial !== null || b.serial !== null) {
    return touchesDatabase(a) && touchesDatabase(b) && !haveNothingBetweenThem(a, b);
  }
  return (
    meet(a.locks, b.locks) ||
    meet(a.locks, b.releases) ||
    meet(a.releases, b.locks) ||
    meet(a.reads, b.publishes) ||
    meet(a.publishes, b.reads) ||
    (a.snapshot && b.publishes.size > 0) ||
    (b.snapshot && a.publishes.size > 0)
  );
}

/** Of two of which at least one is serializable. */
function haveNothingBetweenThem(a: Footprint, b: Footprint): boolean {
  if (a.serial === null || b.serial === null || a.serial === 'anything' || b.serial === 'anything') return false;
  return a.serial === b.serial || !(a.snapshot || b.snapshot);
}

function touchesDatabase(footprint: Footprint): boolean {
  const { anything, reads, locks, publishes, releases, snapshot, serial } = footprint;
  return anything || snapshot || serial !== null || reads.size + locks.size + publishes.size + releases.size > 0;
}

/** Whether somebody who waits may go on after it. */
export function mayRelease({ anything, releases, publishes }: Footprint): boolean {
  return anything || releases.size > 0 || publishes.size > 0;
}

export function together(footprints: readonly Footprint[]): Footprint {
  const [first = UNTOUCHED, ...rest] = footprints.filter((footprint) => footprint !== UNTOUCHED);
  return rest.reduce(
    (a, b) => ({
      anything: a.anything || b.anything,
      reads: union(a.reads, b.reads),
      locks: union(a.locks, b.locks),
      publishes: union(a.publishes, b.publishes),
      releases: union(a.releases, b.releases),
      snapshot: a.snapshot || b.snapshot,
      serial:
        a.serial === b.serial ? a.serial : a.serial === null || b.serial === null ? (a.serial ?? b.serial) : 'anything',
      clock: a.clock === 'sets' || b.clock === 'sets' ? 'sets' : (a.clock ?? b.clock),
      local: a.local || b.local,
    }),
    first,
  );
}

/** The transaction of one connection, as far as footprints need it. */
export class Transaction {
  #isolation: Isolation;
  readonly #byDefault: Isolation;
  #open = false;
  #hasSnapshot = false;
  #anything = false;
  #written: Set<string> = new Set();
  /** Whether an error has ended it, so that nothing is left but to say so. */
  #over = false;

  constructor(byDefault: Isolation) {
    this.#byDefault = byDefault;
    this.#isolation = byDefault;
  }

  /** Whether it may hold a lock that somebody else wants. */
  get holdsLocks(): boolean {
    return this.#open && (this.#anything || this.#written.size > 0);
  }

  /** Whether it may hold a lock for which even a plain read waits. */
  get holdsAnything(): boolean {
    return this.#open && this.#anything;
  }

  /** Of a statement that was sent and waits: what it wants. */
  wanted(deed: Deed): Footprint {
    if (deed.type !== 'access') return { ...UNTOUCHED, anything: deed.type === 'anything' };
    return {
      ...UNTOUCHED,
      serial: this.#serial(deed.writes.length === 0 ? 'reads' : 'anything'),
      reads: new Set(deed.reads),
      locks: new Set(deed.writes),
      snapshot: this.#open && !this.#hasSnapshot && this.#isolation !== 'read committed',
      clock: deed.readsClock ? 'reads' : null,
    };
  }

  /** Of a statement that is over. `status` is how the server says the connection stands now: idle, in a transaction, or in a failed one. */
  over(deed: Deed, status: 'I' | 'T' | 'E', failed: boolean): Footprint {
    const wasOpen = this.#open;
    this.#open = status !== 'I';
    if (deed.type === 'begin') {
      if (!wasOpen) this.#begin(deed.isolation ?? this.#byDefault);
      return { ...UNTOUCHED, clock: 'reads' };
    }
    const footprint = this.#footprintOf(deed, wasOpen, failed);
    // With savepoints, or whatever else there may have been, something may be left.
    this.#over = status === 'E' && !this.#anything;
    if (status === 'E') this.#written = new Set();
    if (status === 'I') this.#begin(this.#byDefault);
    return footprint;
  }

  /** Of the end of its connection. */
  cut(): Footprint {
    const releases = this.#written;
    const anything = this.#anything;
    const serial = this.#open && !this.#over ? this.#serial('ends') : null;
    this.#open = false;
    this.#begin(this.#byDefault);
    return { ...UNTOUCHED, anything, serial, releases };
  }

  #footprintOf(deed: Exclude<Deed, { type: 'begin' }>, wasOpen: boolean, failed: boolean): Footprint {
    const ends = wasOpen && !this.#open;
    switch (deed.type) {
      case 'settings':
        return UNTOUCHED;
      case 'anything':
        this.#anything = true;
        return { ...UNTOUCHED, anything: true, clock: 'reads' };
      case 'commit':
      case 'rollback': {
        const released = new Set(this.#written);
        const publishes = deed.type === 'commit' && !failed && ends ? released : NONE;
        const serial = wasOpen && !this.#over ? this.#serial(failed ? 'anything' : 'ends') : null;
        return { ...UNTOUCHED, anything: this.#anything, serial, publishes, releases: released };
      }
      case 'access': {
        // It is turned away without a look.
        if (this.#over) return UNTOUCHED;
        const wanted = this.wanted(deed);
        this.#hasSnapshot ||= this.#open;
        const reads = !this.#readsAsOfSnapshot(wasOpen) || deed.writes.length > 0 ? wanted.reads : NONE;
        for (const group of deed.writes) this.#written.add(group);
        const serial = failed ? this.#serial('anything') : wanted.serial;
        if (!wasOpen) {
          return { ...wanted, reads, serial, publishes: failed ? NONE : wanted.locks, releases: wanted.locks };
        }
        // An error ends the transaction then and there, and lets go of its locks.
        return {
          ...wanted,
          reads,
          serial,
          anything: this.#anything,
          releases: failed ? new Set(this.#written) : NONE,
        };
      }
    }
  }

  #serial(is: Serial): Serial | null {
    if (this.#isolation !== 'serializable') return null;
    return this.#written.size === 0 ? is : 'anything';
  }

  /** Under repeatable read, a later statement sees what the first one saw. */
  #readsAsOfSnapshot(wasOpen: boolean): boolean {
    return wasOpen && this.#isolation === 'repeatable read';
  }

  #begin(isolation: Isolation): void {
    this.#isolation = isolation;
    this.#hasSnapshot = false;
    this.#anything = false;
    this.#written = new Set();
    this.#over = false;
  }
}

function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size === 0 || b.size === 0) return false;
  for (const each of a) if (b.has(each)) return true;
  return false;
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  if (a.size === 0) return b;
  return b.size === 0 ? a : new Set([...a, ...b]);
}

/** A database in a world: statements that take time, and fail, and a clock of its own. */
import { NO_TIME, type Duration, type Instant } from '../core/time.ts';
import type { SeatRow, StoreFault } from '../history/history.ts';
import { OutcomeUnknown, type Outcome, type Waiting } from '../service/procedure.ts';
import { MemoryStore, StoreFailure } from '../service/store.ts';
import type { DriftingClock } from './drifting-clock.ts';
import type { TrueTime } from './time.ts';

export type Statement = Extract<Waiting, { type: 'statement' }>;

/** Who waits for a statement. */
export interface Resumable {
  resume(outcome: Outcome): void;
}

/** What the store held at a true time, for copies that lag behind. */
interface Version {
  readonly at: Instant;
  readonly rows: readonly SeatRow[];
}

export class Database {
  readonly name: string;
  readonly #time: TrueTime;
  readonly #clock: DriftingClock;
  #latency: Duration;
  readonly #licenses: readonly string[];
  readonly #store: MemoryStore;
  readonly #faults: StoreFault[] = [];
  #slowBy = NO_TIME;
  #lag = NO_TIME;
  /** Kept only where copies can lag, up to `#longestLag`. */
  readonly #versions: Version[] = [];
  readonly #longestLag: Duration;

  constructor(
    name: string,
    time: TrueTime,
    clock: DriftingClock,
    latency: Duration,
    licenses: readonly string[],
    longestLag: Duration,
  ) {
    this.name = name;
    this.#time = time;
    this.#clock = clock;
    this.#latency = latency;
    this.#licenses = licenses;
    this.#store = new MemoryStore(licenses);
    this.#longestLag = longestLag;
  }

  rows(): readonly SeatRow[] {
    return this.#store.rows();
  }

  /** Runs the statement when it has reached the store, and resumes who waits. Where nothing takes time, what came of it is returned. */
  execute(statement: Statement, waiting: Resumable): Outcome | null {
    const takes = (this.#latency + this.#slowBy) as Duration;
    if (takes === 0) return this.#run(statement);
    this.#time.in(takes, () => waiting.resume(this.#run(statement)));
    return null;
  }

  /** Runs the statement without any time passing. Throws what the store throws. */
  executeAtOnce(statement: Statement): unknown {
    const outcome = this.#run(statement);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  fail(fault: StoreFault): void {
    this.#faults.push(fault);
    this.#store.fail(refusalIn(this.#faults));
  }

  recover(fault: StoreFault): void {
    this.#faults.splice(this.#faults.indexOf(fault), 1);
    this.#store.fail(refusalIn(this.#faults));
  }

  takeNoTime(): void {
    this.#latency = NO_TIME;
    this.#slowBy = NO_TIME;
  }

  slow(by: number): void {
    this.#slowBy = (this.#slowBy + by) as Duration;
  }

  lag(by: Duration): void {
    this.#lag = by;
  }

  #run({ access, run }: Statement): Outcome {
    const now = this.#clock.read(this.#time.now);
    try {
      if (this.#faults.includes('outage')) throw new StoreFailure('store', `the ${this.name} cannot be reached`);
      if (access !== 'write') return { value: run(access === 'read-copy' ? this.#copy() : this.#store, now) };
      if (this.#longestLag > 0) this.#remember();
      const value = run(this.#store, now);
      if (this.#faults.includes('outcome-unknown')) {
        throw new OutcomeUnknown(`the ${this.name} did not say whether it has written`);
      }
      return { value };
    } catch (error) {
      return { error };
    }
  }

  /** What is held until the write that comes now. */
  #remember(): void {
    const now = this.#time.now;
    while (this.#versions.length > 1 && (this.#versions[1] as Version).at <= now - this.#longestLag)
      this.#versions.shift();
    this.#versions.push({ at: now, rows: this.#store.rows() });
  }

  /** The store as it was a lag ago: as it was before the first write since. */
  #copy(): MemoryStore {
    if (this.#lag === 0) return this.#store;
    const since = this.#versions.find(({ at }) => at > this.#time.now - this.#lag);
    if (since === undefined) return this.#store;
    const copy = new MemoryStore(this.#licenses);
    for (const { scope, seat } of since.rows) copy.write(scope, seat);
    return copy;
  }
}

function refusalIn(faults: readonly StoreFault[]): 'table-missing' | 'writes-refused' | null {
  const last = faults.findLast((fault) => fault === 'table-missing' || fault === 'writes-refused');
  return last ?? null;
}

/** All stores of a world: its databases and what servers keep in memory; and what is written down of them. */
import type { Duration, Instant } from '../core/time.ts';
import { FRESH_SEAT } from '../core/seat.ts';
import type { SeatRow, StoreFault } from '../history/history.ts';
import { Database } from './database.ts';
import type { DriftingClock } from './drifting-clock.ts';
import type { Recorder } from './recorder.ts';
import { Shown } from './shown.ts';
import type { TrueTime } from './time.ts';

interface StoreSettings {
  readonly latency: Duration;
  readonly licenses: readonly string[];
  /** The longest time by which a copy lags behind. */
  readonly longestLag: Duration;
  /** Whether the design keeps sessions in more places than one. */
  readonly several: boolean;
}

type Memory = () => readonly { readonly store: string; readonly seats: readonly SeatRow[] }[];

export class Stores {
  readonly #time: TrueTime;
  readonly #recorder: Recorder;
  readonly #clock: DriftingClock;
  readonly #databases: readonly Database[];
  readonly #several: boolean;
  /** Of each server process that lives. */
  readonly #memories = new Map<number, Memory>();
  readonly #shown = new Map<string, Shown>();
  /** In the order in which they began. */
  readonly #faults: StoreFault[] = [];
  #underWay = 0;
  #statements = 0;

  constructor(
    names: readonly string[],
    time: TrueTime,
    recorder: Recorder,
    clock: DriftingClock,
    { latency, licenses, longestLag, several }: StoreSettings,
  ) {
    this.#time = time;
    this.#recorder = recorder;
    this.#clock = clock;
    this.#several = several;
    const [decides] = names;
    // The one that decides is the first that a History speaks of, also where the memory of a server is the first to change.
    if (several && decides !== undefined) {
      recorder.add({ type: 'held', at: time.now, store: decides, atRest: true, seats: [] });
    }
    this.#databases = names.map((name) => new Database(name, time, clock, latency, licenses, longestLag));
  }

  /** The stores' clock. */
  now(): Instant {
    return this.#clock.read(this.#time.now);
  }

  /** Throws for a store that the design did not name: then the design is at fault, and is told so by the name. */
  database(name: string): Database {
    const found = this.#databases.find((database) => database.name === name);
    if (found === undefined) throw new Error(`there is no store '${name}'`);
    return found;
  }

  watch(server: number, memory: Memory): void {
    this.#memories.set(server, memory);
  }

  /** A server's process died, and its memory with it. */
  forget(server: number): void {
    const memory = this.#memories.get(server);
    this.#memories.delete(server);
    for (const { store, seats } of memory?.() ?? []) {
      this.#showStore(
        store,
        seats.map(({ scope }) => ({ scope, seat: FRESH_SEAT })),
      );
    }
  }

  /** Whether no call is under way and no fault is on. */
  get atRest(): boolean {
    return this.#underWay === 0 && this.#faults.length === 0;
  }

  /** From here on no statement takes time. */
  takeNoTime(): void {
    for (const database of this.#databases) database.takeNoTime();
  }

  /** The position of a statement that has just taken effect, among all of the run, from 0. */
  nextPosition(): number {
    return this.#statements++;
  }

  begun(): void {
    this.#underWay += 1;
  }

  done(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#show();
  }

  /** Of several stores it matters for how long they differ, so each change is written down when it comes about. */
  stepped(): void {
    if (this.#several) this.#show();
  }

  fail(fault: StoreFault, lasts: Duration): void {
    this.#trouble(
      fault,
      lasts,
      (database) => database.fail(fault),
      (database) => database.recover(fault),
    );
  }

  slow(by: Duration, lasts: Duration): void {
    this.#trouble(
      'slow',
      lasts,
      (database) => database.slow(by),
      (database) => database.slow(0 - by),
    );
  }

  lag(by: Duration, lasts: Duration): void {
    this.#trouble(
      'lagging',
      lasts,
      (database) => database.lag(by),
      (database) => database.lag(0 as Duration),
    );
  }

  /** Begins a fault and ends it after a while. Faults add up: when one is over, what is left of them is written down. */
  #trouble(
    fault: StoreFault,
    lasts: Duration,
    begin: (database: Database) => void,
    end: (database: Database) => void,
  ): void {
    this.#databases.forEach(begin);
    this.#faults.push(fault);
    this.#recorder.add({ type: 'store-faulted', at: this.#time.now, fault });
    this.#time.in(lasts, () => {
      this.#databases.forEach(end);
      this.#faults.splice(this.#faults.indexOf(fault), 1);
      this.#recorder.add({ type: 'store-faulted', at: this.#time.now, fault: this.#faults.at(-1) ?? null });
    });
  }

  setClock(by: number): void {
    this.#clock.set(this.#time.now, by);
  }

  /** Writes down every seat that differs from what was written down last. */
  #show(): void {
    for (const database of this.#databases) this.#showStore(database.name, database.rows());
    for (const memory of this.#memories.values())
      for (const { store, seats } of memory()) this.#showStore(store, seats);
  }

  #showStore(store: string, rows: readonly SeatRow[]): void {
    let shown = this.#shown.get(store);
    if (shown === undefined) this.#shown.set(store, (shown = new Shown()));
    const atRest = this.#underWay === 0;
    const seats = shown.update(rows, atRest);
    if (seats === null) return;
    this.#recorder.add({ type: 'held', at: this.#time.now, store, atRest, seats });
  }
}

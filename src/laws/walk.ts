/** One pass over a History that hands every seat what happens to it: answers, rows of the store at rest, crashes. */
import { NO_TIME, type Duration, type Instant } from '../core/time.ts';
import type { Called, HistoryEvent, SeatRow } from '../history/history.ts';
import { isAnswered, type AnsweredOperation, type Evidence, type Operation } from './evidence.ts';
import type { Scope } from '../core/seat.ts';

/** A call without an answer: it took effect at some time after it was sent, or never. */
export interface Unanswered {
  readonly operation: Operation;
  /** The store's clock read at least this much when it was sent. */
  readonly notBefore: Instant;
  /** How far that clock was set back while it may have been under way. */
  readonly back: Duration;
  /** The position at which the store was next seen with no call under way: by then it had taken effect, or never does. */
  readonly until: number;
}

/** The row of a seat while the store is at rest. */
export interface Look {
  readonly at: Instant;
  readonly position: number;
  /** Null where the store has no row of the seat. */
  readonly row: SeatRow | null;
  /** The row when it was last looked at. */
  readonly before: SeatRow | null;
  /** The calls since then, but for look-ups. */
  readonly since: readonly Operation[];
}

/** What one seat makes of its events, which come in the order in which they were seen to end. */
export interface SeatSink {
  readonly call: (operation: AnsweredOperation) => void;
  /** The store was at rest; `look.since` is good until the next event. */
  readonly row: (look: Look) => void;
  readonly crash: (actor: string, at: Instant, position: number) => void;
  readonly setBack: (position: number) => void;
  readonly unanswered: (open: Unanswered) => void;
}

/** The seats that calls and rows of the store name, by their numbers. */
export function seatsIn({ history, scopes }: Evidence, store: string | null): readonly Scope[] {
  if (store !== null) for (const event of history.events) if (event.type === 'held') noteRows(event, store, scopes);
  return scopes.all;
}

function noteRows(event: Extract<HistoryEvent, { type: 'held' }>, store: string, scopes: Evidence['scopes']): void {
  if (event.atRest && event.store === store) for (const { scope } of event.seats) scopes.number(scope);
}

/** `sinks` are those of the seats, by number; `store` is the one whose rows are looked at. */
export function walk(evidence: Evidence, store: string | null, sinks: readonly SeatSink[]): void {
  new Walk(evidence, store, sinks).run();
}

/** A seat with what was seen of it last. */
interface Station {
  readonly sink: SeatSink;
  row: SeatRow | null;
  /** Its row when it was last looked at. */
  before: SeatRow | null;
  /** Calls since its row was last looked at, but for look-ups. */
  readonly since: Operation[];
  /** Whether its row is to be looked at when the store is next at rest. */
  due: boolean;
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

class Walk {
  readonly #evidence: Evidence;
  readonly #store: string | null;
  readonly #stations: readonly Station[];
  /** In the order in which they became due. */
  #due: Station[] = [];
  #underWay = 0;
  /** Calls without an answer that may still be under way, so that the store need not have been looked at since. */
  #unsettled: Open<Unanswered>[] = [];
  /** The store's clock shows at least this much. */
  #clock: Instant;

  constructor(evidence: Evidence, store: string | null, sinks: readonly SeatSink[]) {
    this.#evidence = evidence;
    this.#store = store;
    this.#clock = (evidence.history.clocks.find(({ clock }) => clock === 'store')?.offset ?? 0) as Instant;
    this.#stations = sinks.map((sink) => ({ sink, row: null, before: null, since: [], due: false }));
  }

  run(): void {
    const { history, at } = this.#evidence;
    const { events } = history;
    for (let position = 0; position < events.length; position += 1) {
      const event = events[position] as HistoryEvent;
      switch (event.type) {
        case 'called': {
          const operation = at[position];
          if (operation !== undefined) this.#call(operation, event, position);
          break;
        }
        case 'answered': {
          const operation = at[position];
          // A second answer to one call says nothing new.
          if (operation !== undefined && isAnswered(operation)) this.#answer(operation);
          break;
        }
        case 'held':
          if (event.atRest && event.store === this.#store) this.#look(event.seats, event.at, position);
          break;
        case 'crashed':
          for (const { sink } of this.#stations) sink.crash(event.actor, event.at, position);
          break;
        case 'clock-set':
          if (event.clock === 'store' && event.by < 0) this.#setBack(event.by, position);
          break;
        case 'end':
          this.#lookAtRest(event.at, position);
          break;
        // What the clients do is not the seat's business.
        default:
      }
    }
  }

  #setBack(by: number, position: number): void {
    this.#clock = (this.#clock + by) as Instant;
    // What is still under way may take effect by either reading.
    for (const open of this.#unsettled) {
      open.notBefore = (open.notBefore + by) as Instant;
      open.back = (open.back - by) as Duration;
    }
    for (const { sink } of this.#stations) sink.setBack(position);
  }

  #call(operation: Operation, { at }: Called, position: number): void {
    this.#lookAtRest(at, position - 0.5);
    if (operation.answer !== null) {
      this.#underWay += 1;
      return;
    }
    const { command, seat } = operation;
    const open = { operation, notBefore: this.#clock, back: NO_TIME, until: Infinity };
    this.#unsettled.push(open);
    // A look-up cannot have changed anything.
    if (command.type === 'status') return;
    if (seat >= 0) this.#stations[seat]?.sink.unanswered(open);
    else for (const { sink } of this.#stations) sink.unanswered(open);
  }

  #answer(operation: AnsweredOperation): void {
    this.#underWay -= 1;
    const { answer, seat } = operation;
    if (answer.shown > this.#clock) this.#clock = answer.shown;
    if (seat < 0) for (const station of this.#stations) this.#hand(operation, station);
    else this.#hand(operation, this.#stations[seat] as Station);
  }

  #hand(operation: AnsweredOperation, station: Station): void {
    station.sink.call(operation);
    if (operation.command.type === 'status' || this.#store === null) return;
    station.since.push(operation);
    this.#isDue(station);
  }

  #isDue(station: Station): void {
    if (station.due) return;
    station.due = true;
    this.#due.push(station);
  }

  #look(rows: readonly SeatRow[], at: Instant, position: number): void {
    const { scopes } = this.#evidence;
    for (const row of rows) {
      const station = this.#stations[scopes.find(row.scope)];
      if (station === undefined) continue;
      station.row = row;
      this.#isDue(station);
    }
    if (this.#unsettled.length > 0) {
      for (const open of this.#unsettled) open.until = position;
      this.#unsettled = [];
    }
    this.#compare(at, position);
  }

  /** With no call under way, a store that was not seen to differ is as it was seen last. */
  #lookAtRest(at: Instant, position: number): void {
    if (this.#underWay === 0 && this.#unsettled.length === 0) this.#compare(at, position);
  }

  #compare(at: Instant, position: number): void {
    const due = this.#due;
    if (due.length === 0) return;
    for (const station of due) {
      const { row, before, since } = station;
      station.sink.row({ at, position, row, before, since });
      station.before = row;
      empty(station.since);
      station.due = false;
    }
    empty(due);
  }
}

/** One by one, because an array whose length is set to 0 gives up its room, and the next to come in makes room for 17. */
function empty(list: unknown[]): void {
  while (list.length > 0) list.pop();
}

/** What happened to each seat: its calls, the rows seen of it and the crashes, each with the span in which it may have taken place. */
import type { Holder } from '../core/reply.ts';
import type { Fingerprint, Scope, SessionId, Term } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import type { ClockSet, SeatRow } from '../history/history.ts';
import { Troubles } from './troubles.ts';
import { scopeKey, type Answer, type Evidence, type Operation } from './evidence.ts';

/** A call that was answered. */
export interface AnsweredOperation extends Operation {
  readonly answer: Answer;
}

export function isAnswered(operation: Operation): operation is AnsweredOperation {
  return operation.answer !== null;
}

/** `from` and `to` are positions in the History: it took place somewhere in between. */
export type Item = { readonly from: number; readonly to: number } & (
  | { readonly type: 'call'; readonly operation: AnsweredOperation }
  /** The store was at rest and this is its row; null for a row that it has never shown. */
  | { readonly type: 'row'; readonly at: Instant; readonly row: SeatRow | null; readonly since: readonly Operation[] }
  | { readonly type: 'crash'; readonly at: Instant; readonly actor: string }
  /** The store's clock was set back. */
  | { readonly type: 'set-back' }
);

/** A call without an answer: it took effect at some time after it was sent, or never. */
export interface Unanswered {
  readonly operation: Operation;
  /** The store's clock read at least this much when it was sent. */
  readonly notBefore: Instant;
  /** The position at which the store was next seen with no call under way: by then it had taken effect, or never does. */
  readonly until: number;
}

export interface Course {
  readonly scope: Scope;
  /** In the order in which they were seen to end. */
  readonly items: readonly Item[];
  readonly unanswered: readonly Unanswered[];
}

/** What laws look up about the whole History. */
export interface Lookup {
  readonly evidence: Evidence;
  readonly courses: readonly Course[];
  /** Whether anything is recorded of what the store held. */
  readonly seesRows: boolean;
  readonly hasSweeps: boolean;
  /** Calls that met a store fault or a restart of the server. */
  readonly disturbed: ReadonlySet<number>;
  /** Starts that overlapped another start on their seat. */
  readonly contested: ReadonlySet<number>;
  /** When nobody can be held to a job or to their usual service. */
  readonly troubles: Troubles;
  /** Whether a start that was sent before this position in the History was answered with this session and term. */
  readonly wasGranted: (scope: Scope, named: Named, before: number) => boolean;
  /** Whether an end of this session was sent before this position; of this term, unless that is null. */
  readonly endWasSent: (scope: Scope, session: SessionId, term: Term | null, before: number) => boolean;
}

type Named = Pick<Holder, 'session' | 'term'>;

export function lookUp(evidence: Evidence): Lookup {
  const courses = new Courses();
  const granted = new FirstSeen();
  const ended = new FirstSeen();
  for (const operation of evidence.operations) {
    const { command, from, answer } = operation;
    if (command.type !== 'sweep') courses.at(command.scope);
    if (command.type === 'end') {
      ended.note([command.scope, command.session, null], from);
      ended.note([command.scope, command.session, command.term], from);
    }
    const reply = answer?.reply;
    if (command.type === 'start' && reply?.type === 'granted') {
      granted.note([command.scope, reply.session, reply.term], from);
    }
    if (reply?.type === 'swept') reply.sessions.forEach(({ scope }) => courses.at(scope));
  }
  const walk = new Walk(evidence, courses);
  walk.run();
  return {
    evidence,
    courses: courses.all(),
    seesRows: walk.store !== null,
    hasSweeps: evidence.operations.some(({ command }) => command.type === 'sweep'),
    disturbed: walk.disturbed,
    troubles: new Troubles(evidence.incidents),
    contested: contestedStarts(evidence.operations),
    wasGranted: (scope, { session, term }, before) => granted.seen([scope, session, term], before),
    endWasSent: (scope, session, term, before) => ended.seen([scope, session, term], before),
  };
}

type Open<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** The courses of all seats, by scope. */
class Courses {
  readonly #byKey = new Map<string, Open<Course>>();

  at(scope: Scope): Open<Course> {
    const key = scopeKey(scope);
    let course = this.#byKey.get(key);
    if (course === undefined) {
      course = { scope, items: [], unanswered: [] };
      this.#byKey.set(key, course);
    }
    return course;
  }

  all(): Open<Course>[] {
    return [...this.#byKey.values()];
  }
}

/** Where in the History something was seen first. */
class FirstSeen {
  readonly #positions = new Map<string, number>();

  note([scope, ...rest]: readonly [Scope, ...unknown[]], position: number): void {
    const key = scopeKey(scope) + JSON.stringify(rest);
    if (!this.#positions.has(key)) this.#positions.set(key, position);
  }

  seen([scope, ...rest]: readonly [Scope, ...unknown[]], before: number): boolean {
    return (this.#positions.get(scopeKey(scope) + JSON.stringify(rest)) ?? Infinity) < before;
  }
}

/** One pass over the events that hands every seat its items. */
class Walk {
  readonly disturbed = new Set<number>();
  /** The store whose rows are compared; where a design keeps several, the first that was seen. */
  readonly store: string | null;
  readonly #evidence: Evidence;
  readonly #courses: Courses;
  readonly #rows = new Map<string, SeatRow>();
  /** Calls of each seat since its row was last looked at. */
  readonly #since = new Map<Open<Course>, Operation[]>();
  readonly #underWay = new Set<number>();
  /** Calls without an answer that may still be under way, so that the store need not have been looked at since. */
  #unsettled: Open<Unanswered>[] = [];
  #faulty = false;
  #clock: Instant = 0 as Instant;

  constructor(evidence: Evidence, courses: Courses) {
    this.#evidence = evidence;
    this.#courses = courses;
    this.store = evidence.history.events.find((event) => event.type === 'held')?.store ?? null;
    for (const event of evidence.history.events) {
      if (event.type === 'held' && event.atRest && event.store === this.store)
        event.seats.forEach(({ scope }) => courses.at(scope));
    }
  }

  run(): void {
    const { history, at } = this.#evidence;
    history.events.forEach((event, position) => {
      switch (event.type) {
        case 'called': {
          const operation = at[position];
          if (operation !== undefined) this.#call(operation, position);
          break;
        }
        case 'answered': {
          const operation = at[position];
          // A second answer to one call says nothing new.
          if (operation !== undefined && isAnswered(operation)) this.#answer(operation, position);
          break;
        }
        case 'held':
          if (event.atRest && event.store === this.store) this.#look(event.seats, event.at, position);
          break;
        case 'crashed':
          this.#everywhere({ type: 'crash', actor: event.actor, at: event.at, from: position, to: position });
          break;
        case 'store-faulted':
          this.#faulty = event.fault !== null;
          this.#disturb();
          break;
        case 'server-restarted':
        case 'server-crashed':
          this.#disturb();
          break;
        case 'clock-set':
          if (event.clock === 'store' && event.by < 0) this.#setBack(event, position);
          break;
        // What the clients do is not the seat's business.
        case 'request-lost':
        case 'work-began':
        case 'work-stopping':
        case 'work-stopped':
        case 'paused':
        case 'resumed':
        case 'network-changed':
        case 'effect-tried':
        case 'design-failed':
          break;
        case 'end':
          this.#lookAtRest(event.at, position);
          break;
      }
    });
  }

  #everywhere(item: Item): void {
    for (const { items } of this.#courses.all()) items.push(item);
  }

  #setBack({ by }: ClockSet, position: number): void {
    this.#clock = Math.max(0, this.#clock + by) as Instant;
    this.#everywhere({ type: 'set-back', from: position, to: position });
  }

  #call(operation: Operation, position: number): void {
    this.#lookAtRest(operation.calledAt, position - 0.5);
    if (this.#faulty) this.disturbed.add(operation.call);
    if (isAnswered(operation)) {
      this.#underWay.add(operation.call);
      return;
    }
    const { command } = operation;
    const courses = command.type === 'sweep' ? this.#courses.all() : [this.#courses.at(command.scope)];
    if (command.type === 'status') return;
    const open = { operation, notBefore: this.#clock, until: Infinity };
    this.#unsettled.push(open);
    for (const { unanswered } of courses) unanswered.push(open);
  }

  #answer(operation: AnsweredOperation, position: number): void {
    this.#underWay.delete(operation.call);
    const { command, from, answer } = operation;
    if (answer.storeTime > this.#clock) this.#clock = answer.storeTime;
    const courses = command.type === 'sweep' ? this.#courses.all() : [this.#courses.at(command.scope)];
    for (const course of courses) {
      course.items.push({ type: 'call', operation, from, to: position });
      if (command.type === 'status' || this.store === null) continue;
      const since = this.#since.get(course);
      if (since === undefined) this.#since.set(course, [operation]);
      else since.push(operation);
    }
  }

  #look(rows: readonly SeatRow[], at: Instant, position: number): void {
    for (const row of rows) {
      this.#rows.set(scopeKey(row.scope), row);
      const course = this.#courses.at(row.scope);
      if (!this.#since.has(course)) this.#since.set(course, []);
    }
    for (const open of this.#unsettled) open.until = position;
    this.#unsettled = [];
    this.#compare(at, position);
  }

  /** With no call under way, a store that was not seen to differ is as it was seen last. */
  #lookAtRest(at: Instant, position: number): void {
    if (this.#underWay.size === 0 && this.#unsettled.length === 0) this.#compare(at, position);
  }

  #compare(at: Instant, position: number): void {
    for (const [course, since] of this.#since) {
      const row = this.#rows.get(scopeKey(course.scope)) ?? null;
      course.items.push({ type: 'row', at, row, since, from: position, to: position });
    }
    this.#since.clear();
  }

  #disturb(): void {
    for (const call of this.#underWay) this.disturbed.add(call);
  }
}

/** Starts that overlapped another start on their seat. */
export function contestedStarts(operations: readonly Operation[]): ReadonlySet<number> {
  const contested = new Set<number>();
  const latest = new Map<string, Operation>();
  for (const operation of operations) {
    if (operation.command.type !== 'start') continue;
    const key = scopeKey(operation.command.scope);
    const before = latest.get(key);
    const together =
      before !== undefined &&
      (operation.from < before.to || (operation.step !== null && operation.step === before.step));
    if (together) contested.add(before.call).add(operation.call);
    if (before === undefined || operation.to > before.to) latest.set(key, operation);
  }
  return contested;
}

/** Who sent a call, as a device; null for the server's own sweep and for an actor outside the cast. */
export function callersOf(evidence: Evidence): (operation: Operation) => Fingerprint | null {
  const fingerprints = new Map(evidence.history.cast.map(({ name, fingerprint }) => [name, fingerprint]));
  return ({ actor }) => (actor === null ? null : (fingerprints.get(actor) ?? null));
}

/**
 * Whether there is one order of all calls, each at some moment between its sending and its answer, in which the rule gives
 * the answers that were given. Wing and Gong's search (1993) with Lowe's memo (2017): a set of calls that are placed and
 * the seat that they leave is visited once.
 *
 * Unlike the laws, this compares with the rule itself, `decide`. So it judges designs that are to keep the rule, and finds
 * what no law names.
 */
import type { Command } from '../core/command.ts';
import { decide } from '../core/decide.ts';
import type { Policy } from '../core/policy.ts';
import type { Reply } from '../core/reply.ts';
import { FRESH_SEAT, type Scope, type Seat } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import type { History } from '../history/history.ts';
import { evidenceOf, scopeKey, type Evidence, type Operation } from './evidence.ts';
import { sameMeaning } from './same-meaning.ts';

export type Linearizable =
  | { readonly answer: 'yes' }
  /** `calls` are those of the seat for which there is no such order; `furthest` is how many of them could be placed. */
  | { readonly answer: 'no'; readonly scope: Scope; readonly calls: readonly number[]; readonly furthest: number }
  | { readonly answer: 'undecided'; readonly steps: number };

export interface LinearizabilityOptions {
  /** Placements tried before it gives up. */
  readonly bound?: number;
  /** Whether an answer is the one that the rule gives; by default what it means, without texts and times. */
  readonly same?: (given: Reply, due: Reply) => boolean;
}

const BOUND = 100_000;

/** Each seat by itself: what holds for every seat holds for all of them together (Herlihy and Wing 1990). */
export function linearizable(history: History, options: LinearizabilityOptions = {}): Linearizable {
  const { bound = BOUND, same = sameMeaning } = options;
  const evidence = evidenceOf(history);
  const budget = { left: bound };
  for (const scope of scopesOf(evidence)) {
    const search = new Search(operationsOn(evidence, scope), scope, history.policy, same, budget);
    const found = search.run();
    if (found === null) return { answer: 'undecided', steps: bound };
    if (!found) return { answer: 'no', scope, calls: search.calls, furthest: search.furthest };
  }
  return { answer: 'yes' };
}

/** A call on one seat. */
interface Placeable {
  readonly call: number;
  readonly command: Command;
  /** Null where it has no answer: then it may also never have had its effect. */
  readonly reply: Reply | null;
  readonly from: number;
  readonly to: number;
  /** What the store's clock may have said when it took effect. */
  readonly clock: readonly Instant[];
}

/** One end of a call, in a list of all, in the order in which they happened. */
interface Entry {
  readonly bit: number;
  readonly operation: Placeable;
  /** Null for an end of a call; for its beginning, the end. */
  end: Entry | null;
  before: Entry | null;
  after: Entry | null;
}

class Search {
  readonly calls: readonly number[];
  furthest = 0;
  readonly #head: Entry;
  readonly #answered: bigint;
  readonly #seen = new Set<string>();
  readonly #budget: { left: number };
  readonly #next: (seat: Seat, operation: Placeable) => readonly Seat[];

  constructor(
    operations: readonly Placeable[],
    scope: Scope,
    policy: Policy,
    same: (given: Reply, due: Reply) => boolean,
    budget: { left: number },
  ) {
    this.calls = operations.map(({ call }) => call);
    this.#head = linked(operations);
    this.#answered = operations.reduce((bits, { reply }, i) => (reply === null ? bits : bits | (1n << BigInt(i))), 0n);
    this.#budget = budget;
    this.#next = (seat, { command, reply, clock }) => {
      const seats = new Map<string, Seat>();
      for (const now of clock) {
        const due = decide(seat, scope, command, policy, now);
        if (reply === null || same(restricted(reply, scope), due.reply)) seats.set(JSON.stringify(due.seat), due.seat);
      }
      return [...seats.values()];
    };
  }

  /** Null where the bound was met. */
  run(): boolean | null {
    const stack: { entry: Entry; placed: bigint; seat: Seat; others: Seat[] }[] = [];
    let placed = 0n;
    let seat = FRESH_SEAT;
    let entry = this.#head.after;
    for (;;) {
      if ((placed & this.#answered) === this.#answered) return true;
      if (entry !== null && entry.end !== null) {
        if (this.#budget.left-- <= 0) return null;
        const others = this.#next(seat, entry.operation).filter((next) =>
          this.#isNew(placed | bitOf(entry as Entry), next),
        );
        const next = others.shift();
        if (next === undefined) {
          entry = entry.after;
          continue;
        }
        stack.push({ entry, placed, seat, others });
        this.furthest = Math.max(this.furthest, stack.length);
        placed |= bitOf(entry);
        seat = next;
        lift(entry);
        entry = this.#head.after;
        continue;
      }
      // An answer is met of a call that could not be placed, or the end of the list: take back the last one.
      const last = stack.pop();
      if (last === undefined) return false;
      const other = last.others.shift();
      if (other === undefined) {
        unlift(last.entry);
        placed = last.placed;
        seat = last.seat;
        entry = last.entry.after;
      } else {
        stack.push(last);
        seat = other;
        entry = this.#head.after;
      }
    }
  }

  #isNew(placed: bigint, seat: Seat): boolean {
    const key = `${placed.toString(36)} ${JSON.stringify(seat)}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }
}

function bitOf({ bit }: Entry): bigint {
  return 1n << BigInt(bit);
}

/** Beginnings and ends of all calls in one list, behind a head. A call without an answer has no end in it. */
function linked(operations: readonly Placeable[]): Entry {
  const ends = operations.flatMap((operation, bit) => {
    const end: Entry = { bit, operation, end: null, before: null, after: null };
    const begin: Entry = { bit, operation, end, before: null, after: null };
    const list = [{ at: operation.from, entry: begin }];
    return operation.reply === null ? list : [...list, { at: operation.to, entry: end }];
  });
  const head: Entry = { bit: -1, operation: undefined as never, end: null, before: null, after: null };
  let last = head;
  for (const { entry } of ends.toSorted((a, b) => a.at - b.at)) {
    last.after = entry;
    entry.before = last;
    last = entry;
  }
  return head;
}

function lift(entry: Entry): void {
  for (const each of [entry, entry.end]) {
    if (each === null || each.before === null) continue;
    each.before.after = each.after;
    if (each.after !== null) each.after.before = each.before;
  }
}

function unlift(entry: Entry): void {
  for (const each of [entry.end, entry]) {
    if (each === null || each.before === null) continue;
    each.before.after = each;
    if (each.after !== null) each.after.before = each;
  }
}

function scopesOf({ operations }: Evidence): readonly Scope[] {
  const scopes = new Map<string, Scope>();
  for (const { command } of operations) {
    if (command.type !== 'sweep') scopes.set(scopeKey(command.scope), command.scope);
  }
  return [...scopes.values()];
}

/** Failed calls did nothing, so they need no place. */
function operationsOn(evidence: Evidence, scope: Scope): readonly Placeable[] {
  const key = scopeKey(scope);
  return evidence.operations.flatMap((operation): Placeable[] => {
    const { command, answer, call, from, to } = operation;
    if (command.type !== 'sweep' && scopeKey(command.scope) !== key) return [];
    if (answer?.reply.type === 'failed') return [];
    return [{ call, command, reply: answer?.reply ?? null, from, to, clock: clockDuring(evidence, operation) }];
  });
}

/** Every time that was read off the store's clock, or true time where nothing was read, while the call was under way. */
function clockDuring({ history }: Evidence, { from, to, calledAt, answer }: Operation): readonly Instant[] {
  const times = new Set<Instant>([calledAt]);
  for (const event of history.events.slice(from, to + 1))
    times.add(event.type === 'answered' ? event.storeTime : event.at);
  if (answer !== null) times.add(answer.storeTime);
  return [...times];
}

/** A sweep answers for all seats; here only for this one. */
function restricted(reply: Reply, scope: Scope): Reply {
  if (reply.type !== 'swept') return reply;
  return { ...reply, sessions: reply.sessions.filter((swept) => scopeKey(swept.scope) === scopeKey(scope)) };
}

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
import type { Reply, RuleReply } from '../core/reply.ts';
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
  readonly same?: (given: Reply, due: RuleReply) => boolean;
  /** Instants of the store's clock at which it is known to have stood, besides those that the events tell. */
  readonly instants?: readonly Instant[];
}

const BOUND = 100_000;

/** Each seat by itself: what holds for every seat holds for all of them together (Herlihy and Wing 1990). */
export function linearizable(history: History, options: LinearizabilityOptions = {}): Linearizable {
  const { bound = BOUND, same = sameMeaning, instants = [] } = options;
  const evidence = evidenceOf(history);
  const budget = { left: bound };
  for (const scope of scopesOf(evidence)) {
    const search = new Search(operationsOn(evidence, scope, instants), scope, history.policy, same, budget);
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

/**
 * The seat, and the latest time by which one of the calls placed so far judged it: the clock does not go back from one call
 * to the next. A status and a sweep may judge by the time at which they were sent, which errs on the safe side.
 */
interface State {
  readonly seat: Seat;
  readonly clock: number;
}

function keyOf({ seat, clock }: State): string {
  return `${clock} ${JSON.stringify(seat)}`;
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
  readonly #next: (state: State, operation: Placeable) => readonly State[];

  constructor(
    operations: readonly Placeable[],
    scope: Scope,
    policy: Policy,
    same: (given: Reply, due: RuleReply) => boolean,
    budget: { left: number },
  ) {
    this.calls = operations.map(({ call }) => call);
    this.#head = linked(operations);
    this.#answered = operations.reduce((bits, { reply }, i) => (reply === null ? bits : bits | (1n << BigInt(i))), 0n);
    this.#budget = budget;
    this.#next = ({ seat, clock: before }, { command, reply, clock }) => {
      const states = new Map<string, State>();
      const timeless = command.type === 'status' || command.type === 'sweep';
      for (const now of clock) {
        if (now < before && !timeless) continue;
        const due = decide(seat, scope, command, policy, now);
        if (reply !== null && !same(restricted(reply, scope), due.reply)) continue;
        const state = { seat: due.seat, clock: timeless ? before : now };
        states.set(keyOf(state), state);
      }
      return [...states.values()];
    };
  }

  /** Null where the bound was met. */
  run(): boolean | null {
    const stack: { entry: Entry; placed: bigint; state: State; others: State[] }[] = [];
    let placed = 0n;
    let state: State = { seat: FRESH_SEAT, clock: -Infinity };
    let entry = this.#head.after;
    for (;;) {
      if ((placed & this.#answered) === this.#answered) return true;
      if (entry !== null && entry.end !== null) {
        if (this.#budget.left-- <= 0) return null;
        const others = this.#next(state, entry.operation).filter((next) =>
          this.#isNew(placed | bitOf(entry as Entry), next),
        );
        const next = others.shift();
        if (next === undefined) {
          entry = entry.after;
          continue;
        }
        stack.push({ entry, placed, state, others });
        this.furthest = Math.max(this.furthest, stack.length);
        placed |= bitOf(entry);
        state = next;
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
        state = last.state;
        entry = last.entry.after;
      } else {
        stack.push(last);
        state = other;
        entry = this.#head.after;
      }
    }
  }

  #isNew(placed: bigint, state: State): boolean {
    const key = `${placed.toString(36)} ${keyOf(state)}`;
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
function operationsOn(evidence: Evidence, scope: Scope, instants: readonly Instant[]): readonly Placeable[] {
  const key = scopeKey(scope);
  return evidence.operations.flatMap((operation): Placeable[] => {
    const { command, answer, call, from, to } = operation;
    if (command.type !== 'sweep' && scopeKey(command.scope) !== key) return [];
    if (answer?.reply.type === 'failed') return [];
    return [
      { call, command, reply: answer?.reply ?? null, from, to, clock: clockDuring(evidence, operation, instants) },
    ];
  });
}

/** Every time at which the store's clock stood while the call was under way, or true time where nothing was read. */
function clockDuring(
  { history }: Evidence,
  { from, to, calledAt, answer }: Operation,
  instants: readonly Instant[],
): readonly Instant[] {
  const times = new Set<Instant>([calledAt]);
  for (const event of history.events.slice(from, to + 1)) {
    times.add(event.type === 'answered' ? event.storeTime : event.at);
  }
  const last = answer?.storeTime ?? Infinity;
  for (const instant of instants) if (instant >= calledAt && instant <= last) times.add(instant);
  return [...times].sort((a, b) => a - b);
}

/** A sweep answers for all seats; here only for this one. */
function restricted(reply: Reply, scope: Scope): Reply {
  if (reply.type !== 'swept') return reply;
  return { ...reply, sessions: (reply.sessions ?? []).filter((swept) => scopeKey(swept.scope) === scopeKey(scope)) };
}

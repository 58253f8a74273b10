/** What happened to one seat: its calls, the rows seen of it and the crashes, each with the span in which it may have taken place. */
import type { Fingerprint, Scope } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import type { AnsweredOperation, Evidence, Operation } from './evidence.ts';
import { walk, type Look, type SeatSink, type Unanswered } from './walk.ts';

/** `from` and `to` are positions in the History: it took place somewhere in between. */
export type Item = { readonly from: number; readonly to: number } & (
  | { readonly type: 'call'; readonly operation: AnsweredOperation }
  /** The store was at rest and this is its row; null for a row that it has never shown. */
  | ({ readonly type: 'row' } & Omit<Look, 'position'>)
  | { readonly type: 'crash'; readonly at: Instant; readonly actor: string }
  /** The store's clock was set back. */
  | { readonly type: 'set-back' }
);

export interface Course {
  readonly scope: Scope;
  /** In the order in which they were seen to end. */
  readonly items: readonly Item[];
  readonly unanswered: readonly Unanswered[];
}

/** The courses of all seats, by number. */
export function coursesOf(evidence: Evidence, store: string | null, seats: readonly Scope[]): readonly Course[] {
  const courses = seats.map((scope) => ({ scope, items: [], unanswered: [] }));
  walk(evidence, store, courses.map(recorderOf));
  return courses;
}

function recorderOf({ items, unanswered }: { readonly items: Item[]; readonly unanswered: Unanswered[] }): SeatSink {
  return {
    call: (operation) => items.push({ type: 'call', operation, from: operation.from, to: operation.to }),
    row: ({ position, since, ...look }) =>
      items.push({ type: 'row', ...look, since: [...since], from: position, to: position }),
    crash: (actor, at, position) => items.push({ type: 'crash', actor, at, from: position, to: position }),
    setBack: (position) => items.push({ type: 'set-back', from: position, to: position }),
    unanswered: (open) => unanswered.push(open),
  };
}

/** Who sent a call, as a device; null for the server's own sweep and for an actor outside the cast. */
export function callersOf(evidence: Evidence): (operation: Operation) => Fingerprint | null {
  const fingerprints = new Map(evidence.history.cast.map(({ name, fingerprint }) => [name, fingerprint]));
  return ({ actor }) => (actor === null ? null : (fingerprints.get(actor) ?? null));
}

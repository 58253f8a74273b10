/** What most laws are made of: a rule that looks at one moment of one seat, knowing the ledger before it. */
import type { Scope } from '../core/seat.ts';
import type { Bounds } from './bounds.ts';
import type { Lookup } from './lookup.ts';
import type { AnsweredOperation } from './evidence.ts';
import type { Breach, Law } from './law.ts';
import type { Ledger } from './ledger.ts';
import type { PlainTests } from './plain.ts';
import { storedIn, type Stored } from './stored.ts';
import type { Telling } from './telling.ts';
import type { Look } from './walk.ts';

/** What every moment of a History shares. */
export interface Context {
  readonly bounds: Bounds;
  readonly lookup: Lookup;
  readonly tell: Telling;
}

/** A call was answered. */
export interface CallMoment extends Context {
  readonly scope: Scope;
  readonly operation: AnsweredOperation;
  readonly before: Ledger;
  readonly after: Ledger;
}

/** The store was at rest. */
export interface RowMoment extends Context, Omit<Look, 'row' | 'before'> {
  readonly scope: Scope;
  /** The session that its row shows; null where it shows none. */
  readonly stored: Stored | null;
  /** The same of the row when it was last looked at. */
  readonly storedBefore: Stored | null;
  readonly before: Ledger;
}

/** The law was tested; `breach` tells how it broke, and is null where it held. */
export interface Sighting {
  readonly breach: (() => Breach) | null;
  /** What the law needed and the service did not tell, so that it was not tested after all; absent otherwise. */
  readonly untold?: Untold;
}

export const KEPT: Sighting = { breach: null };

/** What services may leave out of their replies, as reports name it. */
export type Untold =
  | 'the term'
  | 'which session a start was granted'
  | 'which session a start replaced'
  | 'how long to wait'
  | 'which sessions a sweep removed';

/** The law would have been tested, had the service told this. */
export function untold(field: Untold): Sighting {
  return { breach: null, untold: field };
}

export function noted(known: ReadonlySet<Untold> | undefined, field: Untold): ReadonlySet<Untold> {
  return known?.has(field) === true ? known : new Set([...(known ?? []), field]);
}

export interface Rule extends Pick<Law, 'code' | 'name' | 'kind' | 'statement' | 'needs'> {
  /** Null where the moment does not put the law to the test. */
  readonly onCall?: (moment: CallMoment) => Sighting | null;
  readonly onRow?: (moment: RowMoment) => Sighting | null;
  /** What it makes of a plain renewal and the row after it; absent where neither puts it to the test. */
  readonly plain?: PlainTests;
  /** Says why the rule has nothing to go by in this History; null or absent where it has. */
  readonly unjudgeable?: (lookup: Lookup) => string | null;
}

export function callMoment(
  { bounds, lookup, tell }: Context,
  scope: Scope,
  operation: AnsweredOperation,
  before: Ledger,
  after: Ledger,
): CallMoment {
  return { bounds, lookup, tell, scope, operation, before, after };
}

export function rowMoment(
  { bounds, lookup, tell }: Context,
  scope: Scope,
  { at, position, row, before: rowBefore, since }: Look,
  before: Ledger,
): RowMoment {
  const [stored, storedBefore] = [storedIn(row), storedIn(rowBefore)];
  return { bounds, lookup, tell, scope, at, position, stored, storedBefore, since, before };
}

/** A breach in words. */
export interface Told {
  /** Names the cause that the run shows. */
  readonly cause: string;
  readonly message: string;
  readonly why: string;
  readonly fix: string;
  /** Earlier calls that belong to it; the call of the moment itself is added. */
  readonly calls?: readonly (number | null | undefined)[];
}

/** The part of a breach that says why it came about, and what to change. */
export type Because = Pick<Told, 'cause' | 'why' | 'fix'>;

/** A breach at a moment. It is put in words only when it is told: most of those that a search meets never are. */
export function broken(moment: CallMoment | RowMoment, told: () => Told): Sighting {
  return { breach: () => breachAt(moment, told()) };
}

function breachAt(moment: CallMoment | RowMoment, { cause, message, why, fix, calls = [] }: Told): Breach {
  const own = 'operation' in moment ? [moment.operation.call] : moment.since.map(({ call }) => call);
  const all = [...calls, ...own].filter((call) => call !== null && call !== undefined);
  return {
    at: 'operation' in moment ? moment.operation.answer.at : moment.at,
    cause,
    message,
    why,
    fix,
    calls: [...new Set(all)].sort((a, b) => a - b),
  };
}

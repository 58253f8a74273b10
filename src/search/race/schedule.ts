/** What an exploration is made of, as plain data: the choices of a schedule, and what happened at each of them. */
import type { Instant } from '../../core/time.ts';
import { CLOCK_STEP, type Footprint } from './footprint.ts';
import type { Access } from './statement.ts';

/** What an actor may do next. */
export type Act =
  /** Its next step is carried out. */
  | 'runs'
  /** Its process dies before that step: its connections are cut, its transactions roll back, its code never goes on. */
  | 'crashes'
  /**
   * Its process dies while that step waits. The server carries it out all the same, when it gets what it waits for; then it
   * finds nobody there, and what is left open rolls back.
   */
  | 'dies-waiting'
  /** The step is carried out, but the connection is lost before the answer arrives. */
  | 'loses-answer'
  /** The connection is lost before the server gets the step; for the caller it looks the same. */
  | 'loses-statement';

/** One choice of a schedule. Actors are counted from 0: the calls as they were given, then the clock. */
export interface Choice {
  readonly actor: number;
  readonly act: Act;
  /** Which of the steps that it wants to take, from 0; absent for the first. A call may send several statements at once. */
  readonly step?: number;
  /** Who goes on first, each time that it lets go of several at once. Where nothing is said: who began to wait first. */
  readonly wakes?: readonly number[];
}

/** What came of a step. */
export type Outcome =
  /** `rows` is the number of rows that came back or were changed; null where there are none to count. */
  | { readonly type: 'done'; readonly rows: number | null }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  /** Nobody hears of it: the caller is dead. */
  | { readonly type: 'unheard' };

export interface RaceEvent extends Choice {
  /** The statement, the label of a step, or what the clock does. */
  readonly what: string;
  readonly kind: 'statement' | 'step' | 'clock';
  /** What it does to the store, also while it waits; null where it is no statement of a store, or was not observed. */
  readonly access: Access | null;
  /** Null while it waits for a lock. */
  readonly outcome: Outcome | null;
  /** The actors that it waits for; empty where it does not wait. */
  readonly waitsFor: readonly number[];
  /** The actors whose waiting statement this one let go on, and what came of those. */
  readonly released: readonly { readonly actor: number; readonly outcome: Outcome }[];
  /**
   * What else could have been chosen, as is only known when it was seen what came of this: another order of those it let go
   * of; that its caller dies while it waits.
   */
  readonly others: readonly Choice[];
  /** Whether it let go of several and the server chose which of them went on first, because they could not be held. */
  readonly chosen: boolean;
  /** Whether this was the last that the call did before it answered; so for the released ones. */
  readonly answered: readonly number[];
  /** The virtual clock after the event. */
  readonly clock: Instant;
  readonly footprint: Footprint;
  /** What was looked at after it, because no call was under way; undefined where one was. */
  readonly seen?: unknown;
}

/** The clock stands at `now` from here on; `actor` is the one that moves it. */
export function clockMoved(actor: number, now: Instant): RaceEvent {
  return {
    actor,
    act: 'runs',
    what: 'clock',
    kind: 'clock',
    access: null,
    outcome: { type: 'done', rows: null },
    waitsFor: [],
    released: [],
    others: [],
    chosen: false,
    answered: [],
    clock: now,
    footprint: CLOCK_STEP,
  };
}

/** What has to be chosen for it to happen again. */
export function choiceOf({ actor, act, step, wakes }: RaceEvent): Choice {
  return { actor, act, ...(step === undefined ? {} : { step }), ...(wakes === undefined ? {} : { wakes }) };
}

/** How a call came to its end. */
export type Answer =
  | { readonly type: 'returned'; readonly value: unknown }
  | { readonly type: 'threw'; readonly error: unknown }
  /** It crashed, so nobody was answered. */
  | { readonly type: 'crashed' };

/** `0`, `0.1`, `1!`, `1+`, `1?`, `1-`, `0>2`: short and stable, for files and keys. */
export function choiceText({ actor, act, step, wakes }: Choice): string {
  // Asked for over and over, and mostly of the plainest.
  if (wakes === undefined && step === undefined) return act === 'runs' ? String(actor) : `${actor}${MARKS[act]}`;
  const first = `${actor}${step === undefined ? '' : `.${step}`}${MARKS[act]}`;
  return wakes === undefined ? first : `${first}${wakes.length === 0 ? '' : `>${wakes.join()}`}`;
}

const MARKS: Record<Act, string> = {
  runs: '',
  crashes: '!',
  'dies-waiting': '+',
  'loses-answer': '?',
  'loses-statement': '-',
};

/** Null for a text that is no choice. */
export function parseChoice(text: string): Choice | null {
  const match = /^(\d+)(?:\.(\d+))?([!+?-]?)(?:>(\d+(?:,\d+)*))?$/.exec(text);
  if (match === null) return null;
  const act = (Object.keys(MARKS) as Act[]).find((each) => MARKS[each] === match[3]);
  if (act === undefined) return null;
  const step = match[2] === undefined ? {} : { step: Number(match[2]) };
  const wakes = match[4]?.split(',').map(Number);
  return { actor: Number(match[1]), act, ...step, ...(wakes === undefined ? {} : { wakes }) };
}

/** How often the actor changes from one event to the next. */
export function switchesIn(choices: readonly Choice[]): number {
  return choices.reduce((n, { actor }, i) => (i > 0 && choices[i - 1]?.actor !== actor ? n + 1 : n), 0);
}

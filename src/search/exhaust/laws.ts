/** What can be asked of a model's states, and the words to ask it in. */

export type Law = Always | Sometimes | Within | Maximum;

/** Reads one state; it must not change it, nor keep it. */
export type Predicate = (state: Uint8Array) => boolean;

/** Holds in every state that can be reached. */
export interface Always {
  readonly type: 'always';
  readonly name: string;
  readonly holds: Predicate;
}

/** Holds in at least one state that can be reached: if it never does, the model shows less than it seems to. */
export interface Sometimes {
  readonly type: 'sometimes';
  readonly name: string;
  readonly holds: Predicate;
}

/** Whenever `trigger` holds, `goal` holds then or at most `bound` later, on every path; also where a path just ends. */
export interface Within {
  readonly type: 'within';
  readonly name: string;
  readonly trigger: Predicate;
  readonly goal: Predicate;
  /** From 0 to 250, counted in what `takes` counts. */
  readonly bound: number;
  /** How much of the bound an action uses up: in a model with a clock, 1 for the tick and 0 for all else. */
  readonly takes: (action: number) => number;
}

/** Nothing that must hold, but a number to report: its largest value over all states, and the shortest way there. */
export interface Maximum {
  readonly type: 'maximum';
  readonly name: string;
  /** A whole number from 0 up. */
  readonly of: (state: Uint8Array) => number;
}

export function always(name: string, holds: Predicate): Always {
  return { type: 'always', name, holds };
}

export function sometimes(name: string, holds: Predicate): Sometimes {
  return { type: 'sometimes', name, holds };
}

/** Unless `takes` says otherwise, every action counts 1. */
export function within(
  name: string,
  bound: number,
  { trigger, goal, takes = () => 1 }: Pick<Within, 'trigger' | 'goal'> & Partial<Pick<Within, 'takes'>>,
): Within {
  return { type: 'within', name, bound, trigger, goal, takes };
}

export function maximum(name: string, of: Maximum['of']): Maximum {
  return { type: 'maximum', name, of };
}

/** What a state says of one device alone: its processes, their messages, and what has befallen it. */

/** Messages of one process that can be under way at once. */
export const MOST_MESSAGES = 5;

/** What a process does: rests, works, or comes to rest since so many units, of which the number is more. */
export const RESTS = 0;
export const WORKS = 1;
export const ENDING = 2;

/** An agent and messages are numbers of `Rules`. Fields are written in this order, for parts are told apart by it. */
export interface Process {
  readonly agent: number;
  readonly work: number;
  /** What is under way from it and to it: a bag, kept sorted, because its order says nothing. */
  readonly mail: readonly number[];
}

export interface Part {
  readonly asleep: boolean;
  /** Whether it reaches nobody. */
  readonly cut: boolean;
  readonly processes: readonly Process[];
}

/** A part that is being changed. */
export interface Draft {
  asleep: boolean;
  cut: boolean;
  readonly processes: readonly ProcessDraft[];
  /** Whether a request was sent. */
  sent: boolean;
}

export interface ProcessDraft {
  agent: number;
  work: number;
  mail: number[];
}

export function draftOf({ asleep, cut, processes }: Part): Draft {
  return {
    asleep,
    cut,
    processes: processes.map(({ agent, work, mail }) => ({ agent, work, mail: [...mail] })),
    sent: false,
  };
}

export function partOf({ asleep, cut, processes }: Draft): Part {
  return {
    asleep,
    cut,
    processes: processes.map(({ agent, work, mail }) => {
      if (mail.length > MOST_MESSAGES) {
        throw new Error(`more than ${MOST_MESSAGES} messages of one process are under way`);
      }
      return { agent, work, mail: mail.toSorted((a, b) => b - a) };
    }),
  };
}

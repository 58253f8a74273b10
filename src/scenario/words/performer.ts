/** What a member of the cast can do. */
import type { Action, AnswerFate, SessionChoice } from '../script.ts';

/** Which license and symbol is meant. Left out: the scenario's only license, and no symbol. */
export interface On {
  readonly license?: string;
  readonly symbol?: string;
}

/** `answer: 'lost'`: the command takes effect, and the caller never hears of it. */
export interface Sending extends On {
  readonly answer?: AnswerFate;
}

/** `of: 'previous'`: not the latest session of this process but the one before, as a message that was long under way. */
export interface Naming extends Sending {
  readonly of?: SessionChoice;
}

export interface Performer {
  readonly name: string;
  /** Asks for the license with a new session. */
  starts(options?: Sending): Action;
  /** Sends its last start again, with the same session id, as after a lost answer. */
  retriesStart(options?: Sending): Action;
  /** Asks for the license with a new session, and names the holder that its last refusal told it of, to take over from it. */
  takesOver(options?: Sending): Action;
  heartbeats(options?: Naming): Action;
  /** Ends its session. */
  ends(options?: Naming): Action;
  asksStatus(options?: On): Action;
  /** Dies without a word, and forgets its sessions. */
  crashes(): Action;
}

/** The license of a step that names none. */
const DEFAULT_LICENSE = 'L1';

export function performer(name: string): Performer {
  const answerOf = (options: Sending | undefined): AnswerFate => options?.answer ?? 'arrives';
  return {
    name,
    starts: (options) => ({
      type: 'start',
      actor: name,
      scope: scopeOf(options),
      how: 'new',
      answer: answerOf(options),
    }),
    retriesStart: (options) => ({
      type: 'start',
      actor: name,
      scope: scopeOf(options),
      how: 'retry',
      answer: answerOf(options),
    }),
    takesOver: (options) => ({
      type: 'start',
      actor: name,
      scope: scopeOf(options),
      how: 'take-over',
      answer: answerOf(options),
    }),
    heartbeats: (options) => ({
      type: 'heartbeat',
      actor: name,
      scope: scopeOf(options),
      of: options?.of ?? 'latest',
      answer: answerOf(options),
    }),
    ends: (options) => ({
      type: 'end',
      actor: name,
      scope: scopeOf(options),
      of: options?.of ?? 'latest',
      answer: answerOf(options),
    }),
    asksStatus: (options) => ({ type: 'status', actor: name, scope: scopeOf(options) }),
    crashes: () => ({ type: 'crash', actor: name }),
  };
}

/** The machines behind the cast. */
export const server = {
  /** Runs the clean-up now, besides any that the policy runs by itself. */
  sweeps: (): Action => ({ type: 'sweep' }),
  /** The server's process is replaced; what it stored remains. */
  restarts: (): Action => ({ type: 'restart-server' }),
};

export const store = {
  /** The table of the seats is gone, rows and all out of reach, until it recovers. */
  losesTable: (): Action => ({ type: 'store-fault', fault: 'table-missing' }),
  /** Every write fails until it recovers. */
  refusesWrites: (): Action => ({ type: 'store-fault', fault: 'writes-refused' }),
  recovers: (): Action => ({ type: 'store-fault', fault: null }),
};

function scopeOf(options: On | undefined): { license: string; symbol: string } {
  return { license: options?.license ?? DEFAULT_LICENSE, symbol: options?.symbol ?? '' };
}

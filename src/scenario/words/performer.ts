/** What a member of the cast can do. */
import type { Action, AnswerFate, SessionChoice, StartKind } from '../../world/script.ts';
import { UsageError } from '../../core/failures.ts';
import { onlyKnown, oneOf } from './known.ts';
import { callerPlace } from './place.ts';

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

const LONGEST_NAME = 200;

const ON = ['license', 'symbol'];
const SENDING = [...ON, 'answer'];

export function performer(name: string): Performer {
  const start = (word: string, how: StartKind, options: Sending | undefined): Action => {
    onlyKnown(`${name}.${word}()`, options, SENDING);
    return { type: 'start', actor: name, scope: scopeOf(options), how, answer: answerOf(options) };
  };
  const naming = (word: string, type: 'heartbeat' | 'end', options: Naming | undefined): Action => {
    onlyKnown(`${name}.${word}()`, options, [...SENDING, 'of']);
    oneOf('of', options?.of, ['latest', 'previous']);
    const of = options?.of ?? 'latest';
    return { type, actor: name, scope: scopeOf(options), of, answer: answerOf(options) };
  };
  return {
    name,
    starts: (options) => start('starts', 'new', options),
    retriesStart: (options) => start('retriesStart', 'retry', options),
    takesOver: (options) => start('takesOver', 'take-over', options),
    heartbeats: (options) => naming('heartbeats', 'heartbeat', options),
    ends: (options) => naming('ends', 'end', options),
    asksStatus(options) {
      onlyKnown(`${name}.asksStatus()`, options, ON);
      return { type: 'status', actor: name, scope: scopeOf(options) };
    },
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

function answerOf(options: Sending | undefined): AnswerFate {
  oneOf('answer', options?.answer, ['arrives', 'lost']);
  return options?.answer ?? 'arrives';
}

function scopeOf(options: On | undefined): { license: string; symbol: string } {
  const [license, symbol] = [options?.license ?? DEFAULT_LICENSE, options?.symbol ?? ''];
  for (const name of [license, symbol]) {
    // What a database can keep as text and as a key.
    if (typeof name !== 'string' || name.includes('\0') || /\p{Surrogate}/u.test(name) || name.length > LONGEST_NAME) {
      throw new UsageError(
        `a license or a symbol is text of at most ${LONGEST_NAME} characters, for example { license: 'key 2' }`,
        callerPlace(),
      );
    }
  }
  return { license, symbol };
}

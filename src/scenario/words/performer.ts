/** What a member of the cast does that is led by hand. */
import type { Action, AnswerFate, SessionChoice, StartKind } from '../../world/script.ts';
import { onlyKnown, oneOf } from './known.ts';
import { ON, scopeOf, type On } from './on.ts';

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
  readonly device: string;
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

const SENDING = [...ON, 'answer'];

export function performer(name: string, device: string): Performer {
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
    device,
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

function answerOf(options: Sending | undefined): AnswerFate {
  oneOf('answer', options?.answer, ['arrives', 'lost']);
  return options?.answer ?? 'arrives';
}

/** Whether a History can have happened: lines that are each well-formed may still contradict one another. */
import { UsageError } from '../core/failures.ts';
import { formatInstant, type Instant } from '../core/time.ts';
import type { History } from './history.ts';

/** What events of every kind are looked at for. */
interface AnyEvent {
  readonly type: string;
  readonly at: Instant;
  readonly call?: number | null;
  readonly actor?: string | null;
}

/**
 * Throws `UsageError` with the line of the first event that cannot follow those before it. The first event is on line 2
 * of the file; a kind of event that is not known here is held to its time and its actor.
 */
export function rejectContradictions(history: History, file: string): void {
  const cast = new Set(history.cast.map(({ name }) => name));
  if (cast.size < history.cast.length) throw contradiction('two of the cast have the same name', file, 1);
  const events: readonly AnyEvent[] = history.events;
  const reader = new Reader(cast, events);
  events.forEach((event, index) => {
    const wrong = reader.read(event, index);
    if (wrong !== null) throw contradiction(wrong, file, lineOf(index));
  });
}

function lineOf(index: number): number {
  return index + 2;
}

function contradiction(what: string, file: string, line: number): UsageError {
  return new UsageError(
    `line ${line} contradicts the rest of the history: ${what}. Record the run again; if another program wrote the file, mend that`,
    { file, line },
  );
}

class Reader {
  readonly #cast: ReadonlySet<string>;
  readonly #events: readonly AnyEvent[];
  /** The line of each call so far, and of its answer. */
  readonly #called = new Map<number, number>();
  readonly #answered = new Map<number, number>();

  constructor(cast: ReadonlySet<string>, events: readonly AnyEvent[]) {
    this.#cast = cast;
    this.#events = events;
  }

  /** What is wrong with the event; null if it can have happened. */
  read(event: AnyEvent, index: number): string | null {
    const before = this.#events[index - 1];
    if (before?.type === 'end') return 'it comes after the end event';
    if (before !== undefined && event.at < before.at) {
      return `it is at ${formatInstant(event.at)}, and the line before it at ${formatInstant(before.at)}: time does not go back`;
    }
    if (typeof event.actor === 'string' && !this.#cast.has(event.actor)) {
      return `its actor '${event.actor}' is not in the cast (${[...this.#cast].join(', ')})`;
    }
    const { call } = event;
    if (call === undefined || call === null) return null;
    if (event.type === 'called') return note(this.#called, call, index, `call ${call} was made`);
    return event.type === 'answered' ? this.#readAnswer(call, index) : null;
  }

  #readAnswer(call: number, index: number): string | null {
    if (this.#called.has(call)) return note(this.#answered, call, index, `call ${call} was answered`);
    const later = this.#events.findIndex((each) => each.type === 'called' && each.call === call);
    return later === -1
      ? `it answers call ${call}, which was never made`
      : `it answers call ${call}, which is made only on line ${lineOf(later)}`;
  }
}

/** Notes the line of what happens to a call but once. */
function note(lines: Map<number, number>, call: number, index: number, what: string): string | null {
  const earlier = lines.get(call);
  if (earlier !== undefined) return `${what} on line ${earlier} already`;
  lines.set(call, lineOf(index));
  return null;
}

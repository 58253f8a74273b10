/** A History arranged for judging: calls joined with their answers, and apart from them whatever else happened. */
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Scope } from '../core/seat.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { Answered, Called, Held, History, HistoryEvent, Statements } from '../history/history.ts';
import { Scopes } from './scopes.ts';
import { StoreClock } from './store-clock.ts';

/** One call with its answer. */
export interface Operation {
  readonly call: number;
  readonly actor: string | null;
  readonly step: number | null;
  readonly command: Command;
  /** The number of its seat; -1 for a sweep, which visits all of them. */
  readonly seat: number;
  /** When it left its sender, and when it reached the server. True time. */
  readonly sent: Instant;
  readonly calledAt: Instant;
  /** Null where the outcome is unknown. */
  readonly answer: Answer | null;
  /** Position of the `called` event in the History, and of the `answered` event (the History's length where there is none). */
  readonly from: number;
  readonly to: number;
  /** Whether it met a store fault, or a server that went down or up. */
  readonly disturbed: boolean;
}

export interface Answer {
  /** True time. */
  readonly at: Instant;
  /** The latest that the store's clock can have shown when it ran the call. */
  readonly storeTime: Instant;
  /** How long before that, at most, it may have run the call. */
  readonly slack: Duration;
  /** What the store's clock showed when it answered: less than `storeTime` where it was set back during the call. */
  readonly shown: Instant;
  readonly reply: Reply;
  readonly arrived: boolean;
  /** Undefined where they were not observed. */
  readonly statements: Statements | undefined;
  /** The app server that answered it without a statement of its store; undefined where that was not observed. */
  readonly fromMemoryOf: number | undefined;
}

/** A call that was answered. */
export interface AnsweredOperation extends Operation {
  readonly answer: Answer;
}

export function isAnswered(operation: Operation): operation is AnsweredOperation {
  return operation.answer !== null;
}

/** Whatever is neither a call nor an answer nor a row. */
export type Incident = Exclude<HistoryEvent, Called | Answered | Held>;

export interface Evidence {
  readonly history: History;
  /** In the order of their calls. */
  readonly operations: readonly Operation[];
  /** By position in the History: the call that begins there, or whose answer comes there. */
  readonly at: readonly (Operation | undefined)[];
  /** In order of time. */
  readonly incidents: readonly Incident[];
  /** The seats that calls name, answers to sweeps among them. */
  readonly scopes: Scopes;
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

const KNOWN = new WeakMap<History, Evidence>();

/** Computed once for each History, which never changes. */
export function evidenceOf(history: History): Evidence {
  let evidence = KNOWN.get(history);
  if (evidence === undefined) KNOWN.set(history, (evidence = new Arrangement(history).arrange()));
  return evidence;
}

/** One pass over the events of a History. */
class Arrangement {
  readonly #history: History;
  readonly #operations: Open<Operation>[] = [];
  readonly #at: (Operation | undefined)[];
  readonly #incidents: Incident[] = [];
  readonly #scopes = new Scopes();
  readonly #byCall = new Map<number, Open<Operation>>();
  readonly #clock: StoreClock;
  /** Until where in the History writes took effect unseen; infinite while they do. */
  #unknownUntil = -1;
  #faulty = false;
  /** Where the store or a server last changed its ways. */
  #disturbedAt = -1;

  constructor(history: History) {
    this.#history = history;
    this.#at = Array.from({ length: history.events.length });
    this.#clock = new StoreClock(history.clocks);
  }

  arrange(): Evidence {
    const { events } = this.#history;
    for (let position = 0; position < events.length; position += 1) {
      const event = events[position] as HistoryEvent;
      switch (event.type) {
        case 'called':
          this.#call(event, position);
          break;
        case 'answered':
          this.#answer(event, position);
          break;
        case 'held':
          break;
        default:
          this.#incident(event, position);
      }
    }
    return {
      history: this.#history,
      operations: this.#operations,
      at: this.#at,
      incidents: this.#incidents,
      scopes: this.#scopes,
    };
  }

  #call({ call, actor, step, command, sent, at }: Called, position: number): void {
    const operation: Open<Operation> = {
      call,
      actor,
      step,
      command,
      seat: command.type === 'sweep' ? -1 : this.#scopes.number(command.scope),
      sent,
      calledAt: at,
      answer: null,
      from: position,
      to: this.#history.events.length,
      disturbed: this.#faulty,
    };
    this.#operations.push(operation);
    this.#at[position] = operation;
    this.#byCall.set(call, operation);
  }

  #answer(event: Answered, position: number): void {
    const { reply } = event;
    const operation = this.#byCall.get(event.call);
    // What failed while writes took effect unseen has an unknown outcome, whatever the caller was told.
    if (operation === undefined || (reply.type === 'failed' && this.#unknownUntil > operation.from)) return;
    // Of several answers to one call the last one counts.
    if (operation.answer !== null) this.#at[operation.to] = undefined;
    operation.answer = answerOf(event, operation, this.#clock);
    operation.to = position;
    operation.disturbed ||= this.#disturbedAt > operation.from;
    this.#at[position] = operation;
    if (reply.type === 'swept') for (const { scope } of reply.sessions ?? []) this.#scopes.number(scope);
  }

  #incident(event: Incident, position: number): void {
    this.#incidents.push(event);
    switch (event.type) {
      case 'clock-set':
        if (event.clock === 'store') this.#clock.set(event.by, position);
        break;
      case 'store-faulted':
        this.#disturbedAt = position;
        this.#faulty = event.fault !== null;
        if (event.fault === 'outcome-unknown') this.#unknownUntil = Infinity;
        else if (this.#unknownUntil === Infinity) this.#unknownUntil = position;
        break;
      case 'store-emptied':
        this.#disturbedAt = position;
        this.#faulty = false;
        break;
      case 'server-restarted':
      case 'server-crashed':
        this.#disturbedAt = position;
        break;
      default:
    }
  }
}

function answerOf(
  { at, storeTime, reply, arrived, statements, fromMemoryOf }: Answered,
  { calledAt, from }: Operation,
  clock: StoreClock,
): Answer {
  const { back, forth } = clock.setSince(from);
  return {
    at,
    storeTime: (storeTime + back) as Instant,
    slack: (clock.atMost((at - calledAt) as Duration) + back + forth) as Duration,
    shown: storeTime,
    reply,
    arrived,
    statements,
    fromMemoryOf,
  };
}

/** A scope as text, to group by. */
export function scopeKey(scope: Scope): string {
  return JSON.stringify([scope.license, scope.symbol]);
}

/** A History arranged for judging: calls joined with their answers, and apart from them whatever else happened. */
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Scope } from '../core/seat.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { Answered, Called, Held, History, HistoryEvent } from '../history/history.ts';
import { StoreClock } from './store-clock.ts';

/** One call with its answer. */
export interface Operation {
  readonly call: number;
  readonly actor: string | null;
  readonly step: number | null;
  readonly command: Command;
  /** When it left its sender, and when it reached the server. True time. */
  readonly sent: Instant;
  readonly calledAt: Instant;
  /** Null where the outcome is unknown. */
  readonly answer: Answer | null;
  /** Position of the `called` event in the History, and of the `answered` event (the History's length where there is none). */
  readonly from: number;
  readonly to: number;
}

export interface Answer {
  /** True time. */
  readonly at: Instant;
  /** The latest that the store's clock can have shown when it ran the call. */
  readonly storeTime: Instant;
  /** How long before that, at most, it may have run the call. */
  readonly slack: Duration;
  readonly reply: Reply;
  readonly arrived: boolean;
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
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

export function evidenceOf(history: History): Evidence {
  const { events } = history;
  const operations: Open<Operation>[] = [];
  const at: (Operation | undefined)[] = Array.from({ length: events.length });
  const incidents: Incident[] = [];
  const byCall = new Map<number, Open<Operation>>();
  const clock = new StoreClock(history.clocks);
  let unknownUntil = -1;
  events.forEach((event, position) => {
    switch (event.type) {
      case 'called': {
        const { call, actor, step, command, sent } = event;
        const operation = {
          call,
          actor,
          step,
          command,
          sent,
          calledAt: event.at,
          answer: null,
          from: position,
          to: events.length,
        };
        operations.push(operation);
        at[position] = operation;
        byCall.set(call, operation);
        break;
      }
      case 'answered': {
        const operation = byCall.get(event.call);
        // What failed while writes took effect unseen has an unknown outcome, whatever the caller was told.
        if (operation === undefined || (event.reply.type === 'failed' && unknownUntil > operation.from)) break;
        // Of several answers to one call the last one counts.
        if (operation.answer !== null) at[operation.to] = undefined;
        operation.answer = answerOf(event, operation, clock);
        operation.to = position;
        at[position] = operation;
        break;
      }
      case 'held':
        break;
      default:
        if (event.type === 'clock-set' && event.clock === 'store') clock.set(event.by, position);
        if (event.type === 'store-faulted') {
          if (event.fault === 'outcome-unknown') unknownUntil = Infinity;
          else if (unknownUntil === Infinity) unknownUntil = position;
        }
        incidents.push(event);
    }
  });
  return { history, operations, at, incidents };
}

function answerOf(event: Answered, { calledAt, from }: Operation, clock: StoreClock): Answer {
  const { at, storeTime, reply, arrived } = event;
  const { back, forth } = clock.setSince(from);
  return {
    at,
    storeTime: (storeTime + back) as Instant,
    slack: (clock.atMost((at - calledAt) as Duration) + back + forth) as Duration,
    reply,
    arrived,
  };
}

/** A scope as text, to group by. */
export function scopeKey(scope: Scope): string {
  return JSON.stringify([scope.license, scope.symbol]);
}

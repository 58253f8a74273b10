/** A History arranged for judging: calls joined with their answers, and the order in which the store must have run them. */
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Scope } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import type { History, HistoryEvent } from '../history/history.ts';

/** One call with its answer. */
export interface Operation {
  readonly call: number;
  readonly actor: string | null;
  readonly step: number | null;
  readonly command: Command;
  /** True time. */
  readonly calledAt: Instant;
  /** Null where the outcome is unknown. */
  readonly answer: {
    readonly at: Instant;
    readonly storeTime: Instant;
    readonly reply: Reply;
    readonly arrived: boolean;
  } | null;
  /** Position of the `called` event in the History, and of the `answered` event (the History's length where there is none). */
  readonly from: number;
  readonly to: number;
}

export interface Evidence {
  readonly history: History;
  /** In the order of their calls. */
  readonly operations: readonly Operation[];
}

export function evidenceOf(history: History): Evidence {
  const answers = new Map<number, { event: Extract<HistoryEvent, { type: 'answered' }>; index: number }>();
  history.events.forEach((event, index) => {
    if (event.type === 'answered') answers.set(event.call, { event, index });
  });
  const operations = history.events.flatMap((event, index): Operation[] => {
    if (event.type !== 'called') return [];
    const answered = answers.get(event.call);
    return [
      {
        call: event.call,
        actor: event.actor,
        step: event.step,
        command: event.command,
        calledAt: event.at,
        answer:
          answered === undefined
            ? null
            : {
                at: answered.event.at,
                storeTime: answered.event.storeTime,
                reply: answered.event.reply,
                arrived: answered.event.arrived,
              },
        from: index,
        to: answered?.index ?? history.events.length,
      },
    ];
  });
  return { history, operations };
}

/** A scope as text, to group by. */
export function scopeKey(scope: Scope): string {
  return JSON.stringify([scope.license, scope.symbol]);
}

/** Writes down what happens: the History of a world, event by event. */
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Instant } from '../core/time.ts';
import type { Answered, HistoryEvent, Statements } from '../history/history.ts';

/** Where in the Script a call comes from; nulls for what a client or a job does by itself. */
export interface Origin {
  readonly step: number | null;
  readonly action: number;
  /** Whether the harness asks at rest; absent: no. */
  readonly probe?: true;
}

export const BY_ITSELF: Origin = { step: null, action: 0 };
export const PROBE: Origin = { step: null, action: 0, probe: true };

/** An answer as it is written down; whether it arrives is known only later. */
export type OpenAnswer = { -readonly [K in keyof Answered]: Answered[K] };

export class Recorder {
  readonly events: HistoryEvent[] = [];
  #calls = 0;

  add(event: HistoryEvent): void {
    this.events.push(event);
  }

  called(at: Instant, sent: Instant, actor: string | null, origin: Origin, command: Command): number {
    const { step, action } = origin;
    const call = this.#calls++;
    const event = { type: 'called', at, sent, call, actor, step, action, command } as const;
    this.events.push(origin.probe === true ? { ...event, probe: true } : event);
    return call;
  }

  answered(at: Instant, call: number, storeTime: Instant, reply: Reply, statements?: Statements): OpenAnswer {
    const answer: OpenAnswer = { type: 'answered', at, call, storeTime, reply, arrived: false };
    if (statements !== undefined) answer.statements = statements;
    this.events.push(answer);
    return answer;
  }
}

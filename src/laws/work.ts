/** Who works when, by the clients' own events: each process as it begins to work and ceases, in true time. */
import type { Fingerprint, Scope, SessionId, Term } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import type { History, HistoryEvent } from '../history/history.ts';
import { seatOf } from './bounds.ts';

/** One process at work. */
export interface Worker {
  readonly actor: string;
  readonly device: Fingerprint;
  /** The seat that it works on. */
  readonly scope: Scope;
  readonly session: SessionId;
  /** Null where the service told none. */
  readonly term: Term | null;
}

/** A process begins to work, or ceases. One that is paused does not work. */
export interface Shift {
  readonly at: Instant;
  readonly worker: Worker;
  readonly begins: boolean;
}

interface Process {
  work: Worker | null;
  paused: boolean;
}

/** In order of time. Work that goes on to the end of the run has no end here. */
export function workIn(history: History, events: readonly HistoryEvent[]): readonly Shift[] {
  const processes = new Map<string, Process>();
  const devices = new Map(history.cast.map(({ name, fingerprint }) => [name, fingerprint]));
  const shifts: Shift[] = [];
  const processOf = (actor: string): Process => {
    let process = processes.get(actor);
    if (process === undefined) processes.set(actor, (process = { work: null, paused: false }));
    return process;
  };
  for (const event of events) {
    switch (event.type) {
      case 'work-began': {
        const { actor, at, session, term } = event;
        const process = processOf(actor);
        if (process.work !== null && !process.paused) shifts.push({ at, worker: process.work, begins: false });
        const device = devices.get(actor) ?? actor;
        process.work = { actor, device, scope: seatOf(event.scope, history.policy), session, term };
        if (!process.paused) shifts.push({ at, worker: process.work, begins: true });
        break;
      }
      case 'work-stopped':
      case 'crashed': {
        const process = processOf(event.actor);
        if (process.work !== null && !process.paused) {
          shifts.push({ at: event.at, worker: process.work, begins: false });
        }
        process.work = null;
        if (event.type === 'crashed') process.paused = false;
        break;
      }
      case 'paused':
      case 'resumed': {
        const process = processOf(event.actor);
        const paused = event.type === 'paused';
        if (process.work !== null && process.paused !== paused) {
          shifts.push({ at: event.at, worker: process.work, begins: !paused });
        }
        process.paused = paused;
        break;
      }
      default:
    }
  }
  return shifts;
}

/** Why nothing can be said of the work in this History; null where something can. */
export function workUnseen({ cast, events }: History): string | null {
  const seen = cast.some(({ client }) => client !== null) || events.some(({ type }) => type === 'work-began');
  return seen ? null : 'no client runs in it, so no work is recorded';
}

/** When the run was seen to end. */
export function endOf({ events }: History): Instant {
  return events.at(-1)?.at ?? (0 as Instant);
}

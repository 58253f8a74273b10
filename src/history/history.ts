/** What happened in one run, as plain data: the one thing that laws judge and reports draw. */
import type { Command } from '../core/command.ts';
import type { Policy } from '../core/policy.ts';
import type { Reply } from '../core/reply.ts';
import type { Fingerprint, Scope, Seat } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';

/** The version of this format. A change that an older reader would misread raises it. */
export const HISTORY_VERSION = 1;

export interface History {
  readonly title: string;
  /** What the run was played on: `model`, `postgres`, or the name of a design. */
  readonly on: string;
  readonly policy: Policy;
  /** Everyone who acts, in the order of the script. */
  readonly cast: readonly Actor[];
  /** In the order in which they happened; ends with one `end` event. */
  readonly events: readonly HistoryEvent[];
}

/** One process of the cast. Two actors with one fingerprint are two processes on one device. */
export interface Actor {
  readonly name: string;
  /** What people call the machine. */
  readonly device: string;
  readonly fingerprint: Fingerprint;
}

/** `at` is true time in every event: the simulation's own clock, which no participant reads. */
export type HistoryEvent = Called | Answered | Held | Crashed | ServerRestarted | StoreFaulted | RunEnded;

/** A command leaves its sender. */
export interface Called {
  readonly type: 'called';
  readonly at: Instant;
  /** Names the call in this history; its answer carries the same number. Rises with the order of the calls. */
  readonly call: number;
  /** The name of the actor; null for the server's own periodic sweep. */
  readonly actor: string | null;
  /** The step of the script, counted from 0; null for the server's own periodic sweep. */
  readonly step: number | null;
  /** Which of the step's concurrent actions this is, counted from 0 in the order in which they are written. */
  readonly action: number;
  readonly command: Command;
}

/** The server has answered. A call without this event has an unknown outcome. */
export interface Answered {
  readonly type: 'answered';
  readonly at: Instant;
  readonly call: number;
  /** The store's clock when it answered. */
  readonly storeTime: Instant;
  readonly reply: Reply;
  /** Whether the answer reached the caller. Where it is false the command took effect and the caller does not know. */
  readonly arrived: boolean;
}

/**
 * What a store holds, written whenever it differs from the last time, and only while no call is under way. `seats` lists
 * the seats that differ, as they are now.
 */
export interface Held {
  readonly type: 'held';
  readonly at: Instant;
  readonly store: string;
  readonly seats: readonly SeatRow[];
}

/** A seat with its scope: one row of a store. */
export interface SeatRow {
  readonly scope: Scope;
  readonly seat: Seat;
}

/** A process died. It forgot its sessions and sends nothing more until it starts again. */
export interface Crashed {
  readonly type: 'crashed';
  readonly at: Instant;
  readonly actor: string;
}

/** The server's process was replaced; what it had stored remains. */
export interface ServerRestarted {
  readonly type: 'server-restarted';
  readonly at: Instant;
}

/** The store begins to fail in a way, or, with null, works again. */
export interface StoreFaulted {
  readonly type: 'store-faulted';
  readonly at: Instant;
  readonly fault: StoreFault | null;
}

export type StoreFault =
  /** The table of the seats is not there. */
  | 'table-missing'
  /** Every write fails; reads work. */
  | 'writes-refused';

/** The run was observed until here. A history without it was cut short. */
export interface RunEnded {
  readonly type: 'end';
  readonly at: Instant;
}

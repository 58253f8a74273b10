/** What happened in one run, as plain data: the one thing that laws judge and reports draw. */
import type { Command } from '../core/command.ts';
import type { Policy } from '../core/policy.ts';
import type { Reply } from '../core/reply.ts';
import type { Fingerprint, Scope, Seat, SessionId, Term } from '../core/seat.ts';
import type { StopReason } from '../core/agent/state.ts';
import type { ClientConfig } from '../core/client.ts';
import type { Duration, Instant } from '../core/time.ts';

/** The version of this format. A change that an older reader would misread raises it. */
export const HISTORY_VERSION = 3;

export interface History {
  readonly title: string;
  /** What the run was played on: `model`, `postgres`, or the name of a design. */
  readonly on: string;
  readonly policy: Policy;
  /** Everyone who acts, in the order of the script. */
  readonly cast: readonly Actor[];
  /** What is known of the clocks of the run; empty where they all show true time. */
  readonly clocks: readonly Clock[];
  /** What a design that keeps sessions in several stores promises of them; null where there is one store. */
  readonly stores: StorePromise | null;
  /** In the order in which they happened; ends with one `end` event. */
  readonly events: readonly HistoryEvent[];
}

/** One process of the cast. Two actors with one fingerprint are two processes on one device. */
export interface Actor {
  readonly name: string;
  /** What people call the machine. */
  readonly device: string;
  readonly fingerprint: Fingerprint;
  /** The client that runs by itself; null where the script says each thing that the actor does. */
  readonly client: ClientConfig | null;
}

/** A clock that does not show true time from the beginning. */
export interface Clock {
  readonly clock: ClockName;
  /** How far it is ahead at the beginning; negative where it is behind. Milliseconds. */
  readonly offset: number;
  /** How much faster than true time it runs, in parts per million; negative where it is slower. */
  readonly drift: number;
}

/** The clock of a device, by what people call the machine; of a server, by its number from 1; or of the store. */
export type ClockName = `device ${string}` | `server ${number}` | 'store';

/** For how long the stores of a design may disagree. True time. */
export interface StorePromise {
  /** In the course of ordinary work. */
  readonly agreeWithin: Duration;
  /** After a crash or a store fault is over. */
  readonly reconcileWithin: Duration;
}

/** `at` is true time in every event: the simulation's own clock, which no participant reads. */
export type HistoryEvent =
  | Called
  | Answered
  | Held
  | Crashed
  | ServerRestarted
  | StoreFaulted
  | StoreEmptied
  | RequestLost
  | WorkBegan
  | WorkStopping
  | WorkStopped
  | Paused
  | Resumed
  | NetworkChanged
  | ClockSet
  | ServerCrashed
  | EffectTried
  | DesignFailed
  | RunEnded;

/** A command reaches the server. */
export interface Called {
  readonly type: 'called';
  readonly at: Instant;
  /** When it left its sender. True time. */
  readonly sent: Instant;
  /** Names the call in this history; its answer carries the same number. Rises with the order of the calls. */
  readonly call: number;
  /** The name of the actor; null for the server's own periodic sweep. A probe names the actor that it stands for. */
  readonly actor: string | null;
  /** The step of the script, counted from 0; null for the server's own periodic sweep. */
  readonly step: number | null;
  /** Which of the step's concurrent actions this is, counted from 0 in the order in which they are written. */
  readonly action: number;
  readonly command: Command;
  /** Whether the harness asked it when the run was at rest, to see what the service holds; absent: no. */
  readonly probe?: true;
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
  /** The statements by which the store carried out the call; absent where they were not observed. */
  readonly statements?: Statements;
  /** Which of several app servers answered it without a statement of its store; absent where one did run, or there is one server. */
  readonly fromMemoryOf?: number;
}

/** The statements of one call. Positions count all statements of the run, from 0, in the order in which they took effect. */
export interface Statements {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** The last that may have written; null where all only read. */
  readonly lastWrite: number | null;
}

/**
 * What a store holds, written whenever it differs from the last time: while no call is under way, and of several stores
 * also in the middle of calls. `seats` lists the seats that differ, as they are now.
 */
export interface Held {
  readonly type: 'held';
  readonly at: Instant;
  readonly store: string;
  /** Whether no call was under way. */
  readonly atRest: boolean;
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

/** A server's process was replaced; what it had stored remains. */
export interface ServerRestarted {
  readonly type: 'server-restarted';
  readonly at: Instant;
  /** Counted from 1. */
  readonly server: number;
}

/** The store begins to fail in a way, or, with null, works again. */
export interface StoreFaulted {
  readonly type: 'store-faulted';
  readonly at: Instant;
  readonly fault: StoreFault | null;
}

/** The table of the seats was dropped and made anew: the store has forgotten every session. A fault that it had is over. */
export interface StoreEmptied {
  readonly type: 'store-emptied';
  readonly at: Instant;
}

export type StoreFault =
  | StoreRefusal
  /** Nothing works. */
  | 'outage'
  /** Every write takes effect, and its answer never comes: whoever wrote cannot know. */
  | 'outcome-unknown'
  /** Every statement takes longer. */
  | 'slow'
  /** Copies that are only read from lag behind. */
  | 'lagging';

/** What a store refuses in a way that can be brought about in a real one, too. */
export type StoreRefusal =
  /** The table of the seats is not there. */
  | 'table-missing'
  /** Every write fails; reads work. */
  | 'writes-refused';

/** A request that a client sent and that never reached a server. */
export interface RequestLost {
  readonly type: 'request-lost';
  readonly at: Instant;
  readonly actor: string;
  readonly command: Command;
}

/** A process works from here on, under this session. */
export interface WorkBegan {
  readonly type: 'work-began';
  readonly at: Instant;
  readonly actor: string;
  readonly scope: Scope;
  readonly session: SessionId;
  /** Null where the service told none. */
  readonly term: Term | null;
}

/** A process was told by its own client to stop; it works until `work-stopped`. */
export interface WorkStopping {
  readonly type: 'work-stopping';
  readonly at: Instant;
  readonly actor: string;
  readonly why: StopReason;
}

/** The work of a process has come to rest. A crash ends it too. */
export interface WorkStopped {
  readonly type: 'work-stopped';
  readonly at: Instant;
  readonly actor: string;
}

/** A process stands still, does not work, and does not know: it hangs, or its machine sleeps. */
export interface Paused {
  readonly type: 'paused';
  readonly at: Instant;
  readonly actor: string;
  readonly why: 'hang' | 'sleep';
}

/** It goes on where it stood. What its client does about it, it does at this instant, before any work. */
export interface Resumed {
  readonly type: 'resumed';
  readonly at: Instant;
  readonly actor: string;
}

/** What the network does to the messages of an actor from here on; `plain` is nothing. */
export interface NetworkChanged {
  readonly type: 'network-changed';
  readonly at: Instant;
  readonly actor: string;
  readonly messages: 'requests' | 'answers';
  readonly now: NetworkFault | null;
}

export type NetworkFault =
  | { readonly type: 'cut' }
  | { readonly type: 'slow'; readonly by: Duration }
  /** Each message comes once more, so much later. */
  | { readonly type: 'repeated'; readonly after: Duration };

/** A clock was set, forward or, with a negative number of milliseconds, back. */
export interface ClockSet {
  readonly type: 'clock-set';
  readonly at: Instant;
  readonly clock: ClockName;
  readonly by: number;
}

/** A server's process died: its memory and the calls it was at are lost. It is back at `server-restarted`. */
export interface ServerCrashed {
  readonly type: 'server-crashed';
  readonly at: Instant;
  /** Counted from 1. */
  readonly server: number;
}

/** A process at work asked a resource that checks terms to let something happen. */
export interface EffectTried {
  readonly type: 'effect-tried';
  readonly at: Instant;
  readonly actor: string;
  readonly scope: Scope;
  /** Null where the service told none. */
  readonly term: Term | null;
  readonly accepted: boolean;
}

/** A design did what no service may do. */
export interface DesignFailed {
  readonly type: 'design-failed';
  readonly at: Instant;
  /** The call that it happened in; null where it was none. */
  readonly call: number | null;
  /**
   * `threw`: an exception outside of any call; `hung`: no answer although nothing it waits for is left; `invalid-reply`: an
   * answer that is no reply to the command.
   */
  readonly how: 'threw' | 'hung' | 'invalid-reply';
  readonly message: string;
  /** Of an invalid reply, a correct one as code. */
  readonly example?: string;
}

/** The run was observed until here. A history without it was cut short. */
export interface RunEnded {
  readonly type: 'end';
  readonly at: Instant;
}

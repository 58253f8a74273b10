/** What a client knows, what reaches it, and what it wants done. All instants are the client's own clock. */
import type { ClientRequest, StartCommand } from '../command.ts';
import type { Reply } from '../reply.ts';
import type { Fingerprint, Scope, SessionId, Term } from '../seat.ts';
import type { Instant } from '../time.ts';

export type AgentState = Idle | Starting | Working | Fenced | Stopping;

/** How many requests this process has sent; the last one has this number. */
interface Sent {
  readonly sent: number;
}

/** It has no session and does not work. */
export interface Idle extends Sent {
  readonly phase: 'idle';
  /** The holder of the last refusal, whose session the user may agree to take over; `any` where it told no term. */
  readonly refusedBy: { readonly scope: Scope; readonly term: Term | 'any' } | null;
  /** The start that was given up while an answer was open. It may have been granted, so the next start repeats it. */
  readonly unanswered: { readonly command: StartCommand; readonly since: number } | null;
}

/** It has asked for the license. */
export interface Starting extends Sent {
  readonly phase: 'starting';
  readonly command: StartCommand;
  /** The first request for this session: what answers an earlier one is not about it. */
  readonly since: number;
  readonly attempt: Attempt;
  /** The id to start anew with where the start that is repeated turns out to be over; null where it is new itself. */
  readonly otherwise: SessionId | null;
  /** Whether the machine slept since the user started it. */
  readonly slept: boolean;
}

/** It has a session and works. */
export interface Working extends Sent {
  readonly phase: 'working';
  readonly lease: Lease;
  readonly beat: Beat;
}

/** It has a session that may be over, so it does not work; it asks on until the server tells. */
export interface Fenced extends Sent {
  readonly phase: 'fenced';
  readonly lease: Lease;
  readonly beat: Beat;
  /** Whether the work has come to rest. */
  readonly atRest: boolean;
  /**
   * Only a renewal that was asked for after this request counts: after a sleep, the last one before it, because no clock
   * here has counted how old it is; otherwise any renewal of this session does, if it is young enough.
   */
  readonly fencedAfter: number;
  /** Whether such a renewal has come. */
  readonly confirmed: boolean;
}

/** It is done with its session: the work comes to rest, then the session is given back, or not. */
export interface Stopping extends Sent {
  readonly phase: 'stopping';
  readonly lease: Lease;
  readonly atRest: boolean;
  /** Whether there is something to give back. */
  readonly releases: boolean;
  /** The release under way. */
  readonly attempt: Attempt | null;
}

/** The right to work, as the client knows it. */
export interface Lease {
  readonly scope: Scope;
  readonly session: SessionId;
  /** Null where the service told none. */
  readonly term: Term | null;
  /** The first request of this session: what answers an earlier one is not about it. */
  readonly since: number;
  /** What the fence counts from. */
  readonly anchor: Instant;
}

/** One request, sent again when no answer comes. */
export interface Attempt {
  /** Its number: `sent` as it was when it was sent last. */
  readonly request: number;
  readonly sentAt: Instant;
  /** How often it may still be sent again. */
  readonly left: number;
}

/** The heartbeat loop. */
export interface Beat {
  /** The heartbeat that waits for its answer. */
  readonly attempt: Attempt | null;
  /** When the next one is due; null while that depends on an answer to come. */
  readonly due: Instant | null;
}

export type AgentInput =
  /** The user starts it. `session` is an id never used before. */
  | {
      readonly type: 'start';
      readonly scope: Scope;
      readonly session: SessionId;
      readonly device: Fingerprint;
      /** Whether the user agrees to take over from the holder that the last refusal named. */
      readonly takeOver: boolean;
    }
  /** The user stops it. */
  | { readonly type: 'stop' }
  /** An answer; `sentAt` is when the request that it answers was sent. */
  | { readonly type: 'answer'; readonly request: number; readonly sentAt: Instant; readonly reply: Reply }
  /** Time has passed: due at `dueAt`, harmless at any other time. */
  | { readonly type: 'time' }
  /** The machine was asleep until now, and its work stood still. What the client does about it, it does before any work. */
  | { readonly type: 'wake' }
  /** The work has come to rest after `stop-work`. */
  | { readonly type: 'at-rest' };

export type AgentEffect =
  | {
      readonly type: 'send';
      readonly request: number;
      readonly command: ClientRequest;
    }
  | { readonly type: 'begin-work'; readonly scope: Scope; readonly session: SessionId; readonly term: Term | null }
  /** Bring the work to rest, then say `at-rest`. */
  | { readonly type: 'stop-work'; readonly why: StopReason }
  /** Something for the user to read. */
  | { readonly type: 'show'; readonly notice: string };

export type StopReason =
  /** Its last acknowledged request is as old as the fence allows. */
  | 'fence'
  /** The server said that the session is gone. */
  | 'gone'
  /** The user wanted it. */
  | 'user'
  /** A request failed. */
  | 'failure'
  /** The machine slept, and what became of the session meanwhile is not known. */
  | 'wake';

export interface AgentStep {
  readonly state: AgentState;
  readonly effects: readonly AgentEffect[];
}

/** A process that has just begun. */
export const FRESH_AGENT: Idle = { phase: 'idle', sent: 0, refusedBy: null, unanswered: null };

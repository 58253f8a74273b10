/** What the server answers. A refusal is an answer, never an exception. All instants are the server's clock. */
import type { Fingerprint, Scope, SessionId, Term } from './seat.ts';
import type { Duration, Instant } from './time.ts';

export type Reply = StartReply | HeartbeatReply | EndReply | StatusReply | SweepReply;

export type StartReply = Granted | Refused | Gone | Failed;
export type HeartbeatReply = Renewed | Gone | Failed;
export type EndReply = Ended | Gone | Failed;
export type StatusReply = Active | Idle | Failed;
export type SweepReply = Swept | Failed;

export interface Granted {
  readonly type: 'granted';
  /** The session asked for; under `sameDevice: 'join'` the one that the device already had. */
  readonly session: SessionId;
  readonly term: Term;
  readonly expiry: Instant;
  /** The live session that this very call ended; null when it ended none. */
  readonly replaced: Holder | null;
  /** What to tell the user, if anything. */
  readonly notice: string | null;
}

export interface Refused {
  readonly type: 'refused';
  readonly reason: RefusalReason;
  /** Who holds the seat, or under `grace` who held it last. Its `term` is the one to name for a takeover. */
  readonly holder: Holder;
  /** How long until a retry succeeds if the holder stays silent. */
  readonly retryAfter: Duration;
  /** The live session that this very call ended, when the grace after the takeover keeps it waiting; null otherwise. */
  readonly replaced: Holder | null;
  readonly notice: string;
}

export type RefusalReason =
  /** Another process on the caller's own device holds the seat. */
  | 'same-device'
  | 'other-device'
  /** Nobody holds the seat; it is kept free for a while so that the last holder has surely stopped. */
  | 'grace';

export interface Holder {
  readonly session: SessionId;
  readonly device: Fingerprint;
  readonly term: Term;
}

export interface Renewed {
  readonly type: 'renewed';
  readonly term: Term;
  readonly expiry: Instant;
}

/** The session named is over, and the command changed nothing. */
export interface Gone {
  readonly type: 'gone';
  /** `unknown`: the seat remembers neither this session nor this term. */
  readonly why: 'expired' | 'replaced' | 'ended' | 'unknown';
  /** The device that has or had the seat since; null when nobody took it, or the session is unknown. */
  readonly by: Fingerprint | null;
}

export interface Ended {
  readonly type: 'ended';
}

export interface Active {
  readonly type: 'active';
  readonly holder: Holder;
  readonly expiry: Instant;
}

export interface Idle {
  readonly type: 'idle';
  /** How long until a start by any device is granted: 0 after a clean release, more during a grace. */
  readonly retryAfter: Duration;
  readonly notice: string;
}

export interface Swept {
  readonly type: 'swept';
  /** What was let go of, ordered by license, then symbol (by code units). */
  readonly sessions: readonly (Holder & { readonly scope: Scope })[];
}

/** The command could not be carried out, and nothing of it was: the store failed, or the license is unknown. */
export interface Failed {
  readonly type: 'failed';
  readonly why: 'unknown-license' | 'store';
  /** For people; two implementations need not agree on it. */
  readonly message: string;
}

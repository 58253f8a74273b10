/**
 * What the server answers. A refusal is an answer, never an exception. All instants are the server's clock.
 *
 * Every field of a reply but its type may be absent. An absent field means that the service does not tell it: laws that
 * need it are not judged, and the harness never fills it in.
 */
import type { Fingerprint, Scope, SessionId, Term } from './seat.ts';
import type { Duration, Instant } from './time.ts';

export type Reply = StartReply | HeartbeatReply | EndReply | StatusReply | SweepReply;

export type StartReply = Granted | Refused | Gone | Failed;
export type HeartbeatReply = Renewed | Gone | Failed;
export type EndReply = Ended | Gone | Failed;
export type StatusReply = Active | Idle | Failed;
export type SweepReply = Swept | Failed;

/** The reply to each command, by the type of the command. */
export interface ReplyTo {
  readonly start: StartReply;
  readonly heartbeat: HeartbeatReply;
  readonly end: EndReply;
  readonly status: StatusReply;
  readonly sweep: SweepReply;
}

export interface Granted {
  readonly type: 'granted';
  /** The session asked for; under `sameDevice: 'join'` the one that the device already had. Absent: the session asked for. */
  readonly session?: SessionId;
  readonly term?: Term;
  readonly expiry?: Instant;
  /** The live session that this very call ended; null when it ended none. */
  readonly replaced?: NamedHolder | null;
  /** What to tell the user, if anything. */
  readonly notice?: string | null;
  /** What the service wants back with the next heartbeat or end: a token or a session id of its own making. */
  readonly credential?: string;
}

export interface Refused {
  readonly type: 'refused';
  readonly reason?: RefusalReason;
  /** Who holds the seat, or under `grace` who held it last. Its `term` is the one to name for a takeover. */
  readonly holder?: NamedHolder;
  /** How long until a retry succeeds if the holder stays silent. */
  readonly retryAfter?: Duration;
  /** The live session that this very call ended, when the grace after the takeover keeps it waiting; null otherwise. */
  readonly replaced?: NamedHolder | null;
  readonly notice?: string;
}

export type RefusalReason =
  /** Another process on the caller's own device holds the seat. */
  | 'same-device'
  | 'other-device'
  /** The seat is free, and is kept so for a while to be sure that the last holder has stopped. */
  | 'grace';

export interface Holder {
  readonly session: SessionId;
  readonly device: Fingerprint;
  readonly term: Term;
}

/** What a service tells of a holder. */
export type NamedHolder = Partial<Holder>;

export interface Renewed {
  readonly type: 'renewed';
  readonly term?: Term;
  readonly expiry?: Instant;
  /** The credential that replaces the one presented; absent where that one stays valid. */
  readonly credential?: string;
}

/** The session named is over, and the command changed nothing. */
export interface Gone {
  readonly type: 'gone';
  /** `unknown`: the seat remembers neither this session nor this term. */
  readonly why?: 'expired' | 'replaced' | 'ended' | 'unknown';
  /** The device that has or had the seat since; null when no device took it, or the session is unknown. */
  readonly by?: Fingerprint | null;
}

export interface Ended {
  readonly type: 'ended';
}

export interface Active {
  readonly type: 'active';
  readonly holder?: NamedHolder;
  readonly expiry?: Instant;
}

export interface Idle {
  readonly type: 'idle';
  /** How long until a start by any device is granted: 0 after a clean release, more during a grace. */
  readonly retryAfter?: Duration;
  readonly notice?: string;
}

export interface Swept {
  readonly type: 'swept';
  /** The sessions that it removed. The rule orders them by license, then symbol (by code units). */
  readonly sessions?: readonly SweptSession[];
}

export type SweptSession = NamedHolder & { readonly scope: Scope };

/** The command was not carried out, and nothing of it took effect. */
export interface Failed {
  readonly type: 'failed';
  /**
   * `store`: the service says that its store failed. `error`: an error that the service did not handle, such as an
   * exception, a rejected promise or an HTTP 5xx; it is judged by law P0.
   */
  readonly why?: 'unknown-license' | 'store' | 'error';
  /** For people; two implementations need not agree on it. */
  readonly message?: string;
  /** The SQLSTATE of the error, where a database raised it. */
  readonly sqlstate?: string;
}

/** A reply with every field told, as the rule gives it. */
export type RuleReply = Complete<Reply>;

/** The fields of a reply that the rule has no use for. */
type NeverTold = 'credential' | 'sqlstate';

/** The same replies with every field told. */
export type Complete<R extends Reply> = R extends unknown
  ? { readonly [K in Exclude<keyof R, NeverTold>]-?: CompleteField<Exclude<R[K], undefined>> }
  : never;

type CompleteField<F> = F extends readonly SweptSession[]
  ? readonly (Holder & { readonly scope: Scope })[]
  : F extends NamedHolder
    ? Holder
    : F;

/** What a client or a job asks of the server. */
import type { Fingerprint, Scope, SessionId, Term } from './seat.ts';

export type Command = StartCommand | HeartbeatCommand | EndCommand | StatusCommand | SweepCommand;

/** Asks for the seat. Repeated with the same session id after a lost answer, it yields that same session. */
export interface StartCommand {
  readonly type: 'start';
  readonly scope: Scope;
  readonly session: SessionId;
  readonly device: Fingerprint;
  /** The term that the user agreed to take over, from an earlier refusal; null for an ordinary start. */
  readonly takeOver: Term | null;
}

/** Renews one session of one term, and nothing else. */
export interface HeartbeatCommand {
  readonly type: 'heartbeat';
  readonly scope: Scope;
  readonly session: SessionId;
  readonly term: Term;
}

/** Ends one session of one term, and nothing else. Idempotent. */
export interface EndCommand {
  readonly type: 'end';
  readonly scope: Scope;
  readonly session: SessionId;
  readonly term: Term;
}

export interface StatusCommand {
  readonly type: 'status';
  readonly scope: Scope;
}

/** The periodic clean-up: lets go of what is expired when it writes. It names no scope because it visits every seat. */
export interface SweepCommand {
  readonly type: 'sweep';
}

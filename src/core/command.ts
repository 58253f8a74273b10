/** What a client or a job asks of the server. */
import type { Fingerprint, Scope, SessionId, Term } from './seat.ts';

/** A command as the service receives it. */
export type Command = StartCommand | HeartbeatCommand | EndCommand | StatusCommand | SweepCommand;

/** Asks for the seat. Repeated with the same session id after a lost answer, it yields that same session. */
export interface StartCommand {
  readonly type: 'start';
  readonly scope: Scope;
  readonly session: SessionId;
  readonly device: Fingerprint;
  /**
   * The term that the user agreed to take over, from an earlier refusal; `any` where that refusal told no term; null for
   * an ordinary start.
   */
  readonly takeOver: Term | 'any' | null;
}

/** Renews one session of one term, and nothing else. */
export interface HeartbeatCommand extends HeartbeatRequest, Sender {}

/** Ends one session of one term, and nothing else. Idempotent. */
export interface EndCommand extends EndRequest, Sender {}

export interface StatusCommand {
  readonly type: 'status';
  readonly scope: Scope;
  /** The device that asks; absent where the asker has none. */
  readonly device?: Fingerprint;
}

/** The periodic clean-up: removes what is expired when it writes. It names no scope because it visits every seat. */
export interface SweepCommand {
  readonly type: 'sweep';
}

/** What the transport of a client adds to a command about a session. */
interface Sender {
  /** What the sender presents as its device. */
  readonly device: Fingerprint;
  /** The latest credential that the service returned for this session; absent where it returned none. */
  readonly credential?: string;
}

/** What the rules look at in a command: `decide` for the server, and what `agent` sends for the client. */
export type RuleCommand = ClientRequest | StatusCommand | SweepCommand;

/** What a client wants to send, before its transport adds the sender. */
export type ClientRequest = StartCommand | HeartbeatRequest | EndRequest;

export interface HeartbeatRequest extends SessionRequest {
  readonly type: 'heartbeat';
}

export interface EndRequest extends SessionRequest {
  readonly type: 'end';
}

interface SessionRequest {
  readonly scope: Scope;
  readonly session: SessionId;
  /** Null where the service told no term for the session. */
  readonly term: Term | null;
}

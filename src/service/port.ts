/** The port that every design implements, and what a run needs to drive one. */
import type {
  Command,
  EndCommand,
  HeartbeatCommand,
  StartCommand,
  StatusCommand,
  SweepCommand,
} from '../core/command.ts';
import type {
  Complete,
  EndReply,
  HeartbeatReply,
  RuleReply,
  StartReply,
  StatusReply,
  SweepReply,
} from '../core/reply.ts';
import type { Instant } from '../core/time.ts';
import type { SeatRow, StoreRefusal } from '../history/history.ts';
import type { Answer } from './reply-gate.ts';

/** An answer that a design may give at once or later. */
export type Eventually<T> = T | Promise<T>;

/**
 * A session service. Requests other than `start` may be absent: a service without heartbeats has no `heartbeat`. Refusals
 * are replies. A store that fails is the reply `failed`, and then nothing of the command took effect. An error that a method
 * throws, or a promise that rejects, is answered `failed` with `why: 'error'`, as a server answers 500. Every reply passes
 * `checkReply`.
 */
export interface SessionService {
  start(command: StartCommand): Eventually<Answer<StartReply>>;
  heartbeat?(command: HeartbeatCommand): Eventually<Answer<HeartbeatReply>>;
  end?(command: EndCommand): Eventually<Answer<EndReply>>;
  status?(command: StatusCommand): Eventually<Answer<StatusReply>>;
  sweep?(command: SweepCommand): Eventually<Answer<SweepReply>>;
}

/**
 * A service of Seatproof's own, with every request: its replies need no check and tell every field. Any failure but that of
 * its store is thrown.
 */
export interface CompleteService extends SessionService {
  start(command: StartCommand): Eventually<Complete<StartReply>>;
  heartbeat(command: HeartbeatCommand): Eventually<Complete<HeartbeatReply>>;
  end(command: EndCommand): Eventually<Complete<EndReply>>;
  status(command: StatusCommand): Eventually<Complete<StatusReply>>;
  sweep(command: SweepCommand): Eventually<Complete<SweepReply>>;
}

/** What became of a command that was alone under way. */
export interface Alone {
  readonly reply: RuleReply;
  readonly held: readonly SeatRow[];
}

/** A design that runs, with the handles by which a run drives and observes it. */
export interface Deployment {
  /** `model`, `postgres`, or the name of a design. Stands in `History.on`. */
  readonly name: string;
  readonly service: CompleteService;
  /** Whether calls may be open at the same time. Where not, concurrent actions run one after another, in every order. */
  readonly concurrent: boolean;
  /**
   * Carries these out so that they overlap for certain, where the deployment can see to that. Only where calls may be
   * open at the same time; absent, they are just begun together.
   */
  readonly overlap?: (calls: readonly (() => Promise<void>)[]) => Promise<void>;
  /**
   * One command with no other under way: sets the clock, has the command carried out, and tells what the store holds then.
   * The same as one after another, for a deployment that can do it in fewer round trips; absent, it is done one after
   * another.
   */
  readonly alone?: (now: Instant, command: Command) => Promise<Alone>;
  /** Empties the store, ends every fault, and makes these licenses known. The clock goes back to 0. */
  reset(licenses: readonly string[]): Eventually<void>;
  /** Sets the store's clock. It never goes back between two resets. */
  setClock(now: Instant): Eventually<void>;
  /** Every seat that the store holds, ordered by license, then symbol (by code units). Also readable during a fault. */
  held(): Eventually<readonly SeatRow[]>;
  /** Makes the store fail in this way; null makes it work again, with what it held before. */
  fault(fault: StoreRefusal | null): Eventually<void>;
  /** Drops the table of the seats and makes it anew, empty; a fault that there was is over. */
  empty(): Eventually<void>;
  /** Replaces the server's process: what it keeps in memory is lost, what it stored is not. */
  restart(): Eventually<void>;
  /** Lets go of everything it has: connections, schemas. Can be called twice. */
  close(): Eventually<void>;
}

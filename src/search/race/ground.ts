/** What calls act on in an execution: a database with connections for each call, or nothing but memory. */
import type { Instant } from '../../core/time.ts';
import type { Holder } from '../../postgres/hold.ts';
import type { Actor } from './actor.ts';
import type { Stray } from './call-control.ts';
import type { RaceTools } from './call.ts';
import { UNTOUCHED, type Footprint } from './footprint.ts';

export interface Ground {
  /** Puts everything back as it was at the beginning, as far as anybody can see who asks for it afterwards. */
  reset(): Promise<void>;
  /** The database that a call receives. */
  database(actor: Actor): Pick<RaceTools, 'url' | 'pool'>;
  /** Told by the execution: whose code runs from now on; null for no call's. */
  runs(actor: Actor | null): void;
  /** Whether bytes are under way between clients of the calls and the database, so that code of a call may go on. */
  inFlight(): boolean;
  /**
   * How many connections clients of the calls have opened by themselves. Drivers send statements of their own on a new
   * connection, so an order in which one was opened is not like the same order played again.
   */
  readonly opened: number;
  setClock(now: Instant): Promise<void>;
  /** The server processes that each of these waits for; empty for one that does not wait. */
  blockers(pids: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>>;
  /** The actor that a server process works for; null where it is none of ours. */
  actorOf(pid: number): number | null;
  /** Holds those that wait, so that one after another goes on; null where the server alone decides that. */
  readonly holder: Holder | null;
  /** Whether somebody holds what this statement of the actor may have to wait for. `pid` is that of its own connection. */
  mayWait(actor: Actor, sql: string, pid: number | null): boolean;
  /** Is told how to find out whether somebody waits for an actor, directly or not. */
  onWaiting?(isWaitedFor: (actor: number) => boolean): void;
  /**
   * Cuts every connection of the actor but one that is in the middle of a statement: of that one the server does not notice
   * before the statement is over. The other transactions are rolled back when this resolves.
   */
  cut(actor: Actor): Promise<Footprint>;
  /** Says what is wrong with how the actor leaves its connections: a transaction that is open, a client not released. */
  leftOpen(actor: Actor): string | null;
  /** Why a call whose code does not go on waits; null where the ground does not know. */
  whyStuck?(actor: Actor): Error | null;
  /**
   * A statement that a call has sent in the background since this was asked last, where its order cannot be controlled;
   * null where none was sent.
   */
  takeStray(): Stray | null;
  /** Ends the statements that are under way, after an execution that did not come to its end. */
  abandon(): Promise<void>;
  /** Lets the code of abandoned calls come to its end, without effect. */
  bury(actors: readonly Actor[]): Promise<void>;
}

/** Memory alone: `reset` puts back what the calls share. */
export function memoryGround(reset: () => unknown, setClock: (now: Instant) => void = () => undefined): Ground {
  return {
    reset: async () => {
      await reset();
    },
    database: () => {
      throw new Error('there is no database in memory');
    },
    runs: () => undefined,
    inFlight: () => false,
    opened: 0,
    setClock: (now) => Promise.resolve(setClock(now)),
    blockers: () => Promise.resolve(new Map()),
    actorOf: () => null,
    holder: null,
    mayWait: () => false,
    cut: () => Promise.resolve(UNTOUCHED),
    leftOpen: () => null,
    takeStray: () => null,
    abandon: () => Promise.resolve(),
    bury: () => Promise.resolve(),
  };
}

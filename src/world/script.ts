/** Timed inputs as plain data: who does what when, and what is expected. Scenarios, campaigns and counterexamples are all Scripts. */
import type { Place } from '../core/failures.ts';
import type { Policy } from '../core/policy.ts';
import type { Scope } from '../core/seat.ts';
import type { Duration, Instant } from '../core/time.ts';
import { hasRequest, REQUESTS, type Design, type RequestName } from '../designs/design.ts';
import type { Actor, Clock, ClockName, NetworkFault, StoreFault, StoreRefusal } from '../history/history.ts';

export interface Script {
  readonly title: string;
  readonly policy: Policy;
  readonly cast: readonly Actor[];
  readonly surroundings: Surroundings;
  /** In order of time; steps of one instant in the order in which they run. */
  readonly steps: readonly Step[];
  /** How long the run is observed: at least until the last step. */
  readonly until: Instant;
}

/** What the world is like while nothing happens to it. All times are true time. */
export interface Surroundings {
  /** How long a message is under way, one way. */
  readonly latency: Duration;
  /** How long a statement takes, from the server and back. */
  readonly storeLatency: Duration;
  /** How long work takes to come to rest; at most the `stopTime` of the policy, or the client breaks its word. */
  readonly stopTime: Duration;
  /** How many app servers answer, in turn. */
  readonly servers: number;
  /** Clocks that do not show true time. */
  readonly clocks: readonly Clock[];
}

/** Where nothing takes time and every clock is right. */
export const STILL: Surroundings = {
  latency: 0 as Duration,
  storeLatency: 0 as Duration,
  stopTime: 0 as Duration,
  servers: 1,
  clocks: [],
};

export interface Step {
  readonly at: Instant;
  /** More than one: all at once, so that their order is open. */
  readonly actions: readonly Action[];
  readonly expectations: readonly Expectation[];
  /** Where it is written; null for a generated script. */
  readonly place: Place | null;
}

export type Action = HandAction | WorldAction;

/** What can be played against any deployment, call by call: by actors without a client of their own. */
export type HandAction =
  | {
      readonly type: 'start';
      readonly actor: string;
      readonly scope: Scope;
      readonly how: StartKind;
      readonly answer: AnswerFate;
    }
  | {
      readonly type: 'heartbeat';
      readonly actor: string;
      readonly scope: Scope;
      readonly of: SessionChoice;
      readonly answer: AnswerFate;
    }
  | {
      readonly type: 'end';
      readonly actor: string;
      readonly scope: Scope;
      readonly of: SessionChoice;
      readonly answer: AnswerFate;
    }
  | { readonly type: 'status'; readonly actor: string; readonly scope: Scope }
  | { readonly type: 'sweep' }
  | { readonly type: 'crash'; readonly actor: string }
  | { readonly type: 'restart-server' }
  /** Until another one; null makes the store work again. */
  | { readonly type: 'store-fault'; readonly fault: StoreRefusal | null }
  /** The table of the seats is made anew, empty; a fault that there was is over. */
  | { readonly type: 'empty-store' };

/** What needs a world around the service: clients that run by themselves, a network, clocks. `lasts` is true time; null lasts to the end. */
export type WorldAction =
  /** The user starts the client; `takeOver` agrees to end the session that the last refusal named. */
  | { readonly type: 'user-starts'; readonly actor: string; readonly scope: Scope; readonly takeOver: boolean }
  | { readonly type: 'user-stops'; readonly actor: string }
  /** From now on its work takes so long to come to rest. */
  | { readonly type: 'stops-in'; readonly actor: string; readonly takes: Duration }
  /** The process stands still: no timer, no message, no work. */
  | { readonly type: 'hang'; readonly actor: string; readonly lasts: Duration }
  /** Every process on the machine stands still, its monotonic clock too, and each is told when it wakes. */
  | { readonly type: 'sleep'; readonly device: string; readonly lasts: Duration }
  | {
      readonly type: 'network';
      readonly actor: string;
      readonly messages: 'requests' | 'answers' | 'both';
      readonly fault: NetworkFault;
      readonly lasts: Duration | null;
    }
  /** Sets a wall clock, or the store's, forward or back. */
  | { readonly type: 'set-clock'; readonly clock: ClockName; readonly by: number }
  /** A server's process dies; another is up after this time. Counted from 1. */
  | { readonly type: 'crash-server'; readonly server: number; readonly lasts: Duration }
  /** The store fails for a time. */
  | { readonly type: 'store-fails'; readonly fault: StoreFault; readonly lasts: Duration }
  /** Each statement takes so much longer, for a time. */
  | { readonly type: 'store-slows'; readonly by: Duration; readonly lasts: Duration }
  /** Copies that are only read from show what was so long ago, for a time. */
  | { readonly type: 'store-lags'; readonly by: Duration; readonly lasts: Duration };

export type StartKind =
  /** With a session id never used before. */
  | 'new'
  /** With the session id of the actor's last start on this scope, as after a lost answer. */
  | 'retry'
  /** New, and it names the term from the actor's last refusal on this scope, to take it over. */
  | 'take-over';

/** Whether the answer reaches the caller. A lost answer leaves the caller with what it knew before. */
export type AnswerFate = 'arrives' | 'lost';

/** The actor's latest session on the scope, or the one it was granted before that. */
export type SessionChoice = 'latest' | 'previous';

/** What must be true of a step. */
export type Expectation = ReplyExpectation | WorkExpectation;

/** What its replies must be. */
export type ReplyExpectation =
  /** One reply, for a step of one action; of several, each. */
  | { readonly type: 'each'; readonly reply: ReplyPattern }
  /** Of the replies of the step, so many match. */
  | { readonly type: 'count'; readonly min: number; readonly max: number; readonly reply: ReplyPattern };

/** Whether an actor is at work at this instant, once everything of the instant has happened. */
export interface WorkExpectation {
  readonly type: 'works';
  readonly actor: string;
  readonly does: boolean;
}

/** A reply with the fields that matter. A field that is absent matches anything. Devices are named as in the cast. */
export type ReplyPattern =
  | {
      readonly type: 'granted';
      readonly term?: number;
      /** Name of the device whose live session this call ended; null for none. */
      readonly replaced?: string | null;
      /** Whether it is a session that some earlier start was granted (by `join`, or a retried start). */
      readonly sameSession?: boolean;
    }
  | {
      readonly type: 'refused';
      readonly reason?: 'same-device' | 'other-device' | 'grace';
      readonly retryAfter?: Duration;
      readonly holder?: string;
      /** Name of the device whose live session this call ended although the caller must still wait; null for none. */
      readonly replaced?: string | null;
      readonly notice?: string;
    }
  | { readonly type: 'renewed'; readonly expiry?: Instant }
  | { readonly type: 'gone'; readonly why?: 'expired' | 'replaced' | 'ended' | 'unknown'; readonly by?: string | null }
  | { readonly type: 'ended' }
  | { readonly type: 'active'; readonly holder?: string }
  | { readonly type: 'idle'; readonly retryAfter?: Duration }
  /** How many sessions were let go of. */
  | { readonly type: 'swept'; readonly sessions?: number }
  | { readonly type: 'failed'; readonly why?: 'unknown-license' | 'store' };

/** The first step that sends a request that the service does not have; null where it has all of them. */
export function absentRequestIn(
  { steps }: Script,
  design: Pick<Design, 'requests'>,
): { readonly request: RequestName; readonly place: Place | null } | null {
  for (const { actions, place } of steps) {
    const request = REQUESTS.find((name) => actions.some(({ type }) => type === name) && !hasRequest(design, name));
    if (request !== undefined) return { request, place };
  }
  return null;
}

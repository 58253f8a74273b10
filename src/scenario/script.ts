/** Timed inputs as plain data: who does what when, and what is expected. Scenarios, campaigns and counterexamples are all Scripts. */
import type { Place } from '../core/failures.ts';
import type { Policy } from '../core/policy.ts';
import type { Scope } from '../core/seat.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { Actor, StoreFault } from '../history/history.ts';

export interface Script {
  readonly title: string;
  readonly policy: Policy;
  readonly cast: readonly Actor[];
  /** In order of time; steps of one instant in the order in which they run. */
  readonly steps: readonly Step[];
  /** How long the run is observed: at least until the last step. */
  readonly until: Instant;
}

export interface Step {
  readonly at: Instant;
  /** More than one: all at once, so that their order is open. */
  readonly actions: readonly Action[];
  readonly expectations: readonly Expectation[];
  /** Where it is written; null for a generated script. */
  readonly place: Place | null;
}

export type Action =
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
  | { readonly type: 'store-fault'; readonly fault: StoreFault | null };

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

/** What the replies of a step must be. */
export type Expectation =
  /** One reply, for a step of one action; of several, each. */
  | { readonly type: 'each'; readonly reply: ReplyPattern }
  /** Of the replies of the step, so many match. */
  | { readonly type: 'count'; readonly min: number; readonly max: number; readonly reply: ReplyPattern };

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

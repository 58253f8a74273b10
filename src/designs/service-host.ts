/** What a service that users write is given: its time, its store, its random numbers. */
import type { Policy } from '../core/policy.ts';
import type { Scope, Seat } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import type { SeatStore } from '../service/store.ts';

export interface ServiceHost {
  readonly policy: Policy;
  /** The number of the app server, counted from 1. */
  readonly server: number;
  /** The clock of the app server, which may be off; the store's own comes with each statement. Milliseconds. */
  readonly now: () => Instant;
  /** From 0 to below 1; the same in every run of the same script. */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Statements that take their time, and fail when the store does. */
  readonly store: StoreHandle;
  /** The same store for a service that waits for nothing: each method at once. Its methods throw `StoreFailure`. */
  readonly seats: SeatStore;
  /** The store's clock. */
  readonly storeNow: () => Instant;
}

/**
 * A store of seats. Each method is one atomic statement: between two of them anything can happen. They reject with
 * `StoreFailure` where the store fails; a service that lets that through has answered `failed`.
 */
export interface StoreHandle {
  readonly read: (scope: Scope) => Promise<Seat>;
  readonly write: (scope: Scope, seat: Seat) => Promise<void>;
  /** Reads and writes in one: `change` is given the seat and the store's clock, and says what it becomes and what to return. */
  readonly update: <R>(
    scope: Scope,
    change: (seat: Seat, now: Instant) => { readonly seat: Seat; readonly result: R },
  ) => Promise<R>;
  /** Several seats in one statement. */
  readonly run: <R>(work: (seats: SeatStore, now: Instant) => R) => Promise<R>;
  /** From a copy that may lag behind. */
  readonly readCopy: (scope: Scope) => Promise<Seat>;
}

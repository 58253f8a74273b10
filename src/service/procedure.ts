/** A service's work on one command as steps that can be run one by one: statements to stores, pauses, and work left to go on by itself. */
import type { Command } from '../core/command.ts';
import type { Policy } from '../core/policy.ts';
import type { Reply } from '../core/reply.ts';
import type { Fingerprint } from '../core/seat.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { SeatRow } from '../history/history.ts';
import type { SeatStore } from './store.ts';

/**
 * A computation that yields what it waits for and is resumed with the outcome. Whoever runs it decides when each step takes
 * place, and may give it up between two of them, as a crash does. Write it with `yield*`: `const seat = yield* read(scope)`.
 */
export type Procedure<R> = Generator<Waiting, R, unknown>;

export type Waiting =
  /** One atomic statement. It throws `StoreFailure` where the store fails, and `OutcomeUnknown` where nobody can tell. */
  | {
      readonly type: 'statement';
      readonly store: string;
      /** For a schedule or a timeline, such as `read the seat`. */
      readonly label: string;
      /** `read-copy` is content with a copy of the store that may lag behind. */
      readonly access: 'write' | 'read' | 'read-copy';
      readonly run: (store: SeatStore, now: Instant) => unknown;
    }
  | { readonly type: 'pause'; readonly lasts: Duration }
  /** Something that is not a procedure will say. */
  | { readonly type: 'promise'; readonly promise: Promise<unknown> }
  /** Goes on by itself; nobody waits for it. */
  | { readonly type: 'spawn'; readonly procedure: Procedure<unknown> };

/** What came of something that was waited for. */
export type Outcome<R = unknown> = { readonly value: R } | { readonly error: unknown };

/** The store did not say whether the statement took effect. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** The store that a design has unless it says otherwise. */
export const DATABASE = 'database';

/** A statement that may write. Atomic: nothing comes between what it reads and what it writes. `now` is the store's clock. */
export function* write<R>(label: string, run: (store: SeatStore, now: Instant) => R, store = DATABASE): Procedure<R> {
  return (yield { type: 'statement', store, label, access: 'write', run }) as R;
}

/** A statement that only reads. */
export function* read<R>(label: string, run: (store: SeatStore, now: Instant) => R, store = DATABASE): Procedure<R> {
  return (yield { type: 'statement', store, label, access: 'read', run }) as R;
}

/** Reads from a copy that may lag behind. */
export function* readCopy<R>(
  label: string,
  run: (store: SeatStore, now: Instant) => R,
  store = DATABASE,
): Procedure<R> {
  return (yield { type: 'statement', store, label, access: 'read-copy', run }) as R;
}

/** Lets time pass. */
export function* pause(lasts: Duration): Procedure<void> {
  yield { type: 'pause', lasts };
}

/** Begins work that goes on by itself, also after the command was answered. It ends with the process. */
export function* spawn(procedure: Procedure<unknown>): Procedure<void> {
  yield { type: 'spawn', procedure };
}

/** What a server's process is given. */
export interface Host {
  readonly policy: Policy;
  /** The number of the app server, counted from 1. */
  readonly server: number;
  /** The wall clock of the app server, not the store's. */
  readonly now: () => Instant;
  /** From 0 to below 1; the same in every run of the same script. */
  readonly random: () => number;
  /** Whether the process has not crashed. */
  readonly lives: () => boolean;
  /** Waits for something outside of any procedure; `done` is told what came of it, unless the process ends before. */
  readonly wait: (waiting: Waiting, done: (outcome: Outcome) => void) => void;
  /** A statement at once, which takes no time at all. Throws what the store throws. */
  readonly atOnce: (statement: Extract<Waiting, { type: 'statement' }>) => unknown;
}

/** One process of an app server. What it keeps in memory is gone when it crashes. */
export interface ServerProcess {
  /** Runs when the process has come up, before it takes any command. */
  boot?(): Procedure<void>;
  /** `caller` is what the sender presents as its device with this request; null for the server's own sweep. */
  handle(command: Command, caller: Fingerprint | null): Procedure<Reply>;
  /** The requests that it has, where they can be known; absent, it has all that its design names. */
  readonly requests?: ReadonlySet<Command['type']>;
  /** Whether something that it began itself is still to come, so that an answer may be. Only asked of what answers by promises. */
  waits?(): boolean;
  /** What it holds in memory as stores of its own, by name, to be compared with the others. */
  memory?(): readonly { readonly store: string; readonly seats: readonly SeatRow[] }[];
}

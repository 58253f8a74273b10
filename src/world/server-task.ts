/** What the processes of app servers run procedures for: commands, and chores of their own. Each ends with its process. */
import type { Reply } from '../core/reply.ts';
import type { Outcome } from '../service/procedure.ts';
import type { Request } from './app-server.ts';
import type { Statements } from '../history/history.ts';
import type { Task } from './run-procedure.ts';

/** From a boot of a server to its crash. */
export interface Life {
  over: boolean;
}

/** Told what becomes of calls. */
export interface CallKeeper {
  ended(call: Call, outcome: Outcome<Reply>): void;
  /** The process is no more, and what its call had sent to a store has happened. */
  abandoned(): void;
  failed(call: number, error: unknown): void;
}

/** A command, under the number of its call. */
export class Call implements Task<Reply> {
  readonly number: number;
  /** The number of its app server. */
  readonly server: number;
  readonly request: Request;
  readonly #life: Life;
  readonly #keeper: CallKeeper;
  #count = 0;
  #first = 0;
  #last = 0;
  #lastWrite: number | null = null;

  constructor(life: Life, server: number, number: number, request: Request, keeper: CallKeeper) {
    this.#life = life;
    this.server = server;
    this.number = number;
    this.request = request;
    this.#keeper = keeper;
  }

  /** Those that have taken effect so far; undefined where none has. */
  get statements(): Statements | undefined {
    if (this.#count === 0) return undefined;
    return { count: this.#count, first: this.#first, last: this.#last, lastWrite: this.#lastWrite };
  }

  ran(position: number, mayHaveWritten: boolean): void {
    if (this.#count === 0) this.#first = position;
    this.#count += 1;
    this.#last = position;
    if (mayHaveWritten) this.#lastWrite = position;
  }

  lives(): boolean {
    return !this.#life.over;
  }

  done(outcome: Outcome<Reply>): void {
    if (this.lives()) this.#keeper.ended(this, outcome);
  }

  abandoned(): void {
    this.#keeper.abandoned();
  }

  failed(error: unknown): void {
    this.#keeper.failed(this.number, error);
  }
}

/** Something that nobody called for: the boot of a process, or what it waits for by itself. */
export class Chore<R> implements Task<R> {
  readonly #life: Life;
  readonly #call: Call | undefined;
  readonly done: (outcome: Outcome<R>) => void;
  readonly failed: (error: unknown) => void;

  /** `call` is the one whose code waits for it; undefined where none does. */
  constructor(life: Life, done: (outcome: Outcome<R>) => void, failed: (error: unknown) => void, call?: Call) {
    this.#life = life;
    this.#call = call;
    this.done = done;
    this.failed = failed;
  }

  ran(position: number, mayHaveWritten: boolean): void {
    this.#call?.ran(position, mayHaveWritten);
  }

  lives(): boolean {
    return !this.#life.over;
  }

  abandoned(): void {
    // Nobody waits for it.
  }
}

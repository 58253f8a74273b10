/** What the processes of app servers run procedures for: commands, and chores of their own. Each ends with its process. */
import type { Reply } from '../core/reply.ts';
import type { Outcome } from '../service/procedure.ts';
import type { Request } from './app-server.ts';
import type { Task } from './run-procedure.ts';

/** From a boot of a server to its crash. */
export interface Life {
  over: boolean;
}

/** Told what becomes of calls. */
export interface CallKeeper {
  ended(call: number, request: Request, outcome: Outcome<Reply>): void;
  /** The process is no more, and what its call had sent to a store has happened. */
  abandoned(): void;
  failed(call: number, error: unknown): void;
}

/** A command, under the number of its call. */
export class Call implements Task<Reply> {
  readonly #life: Life;
  readonly #number: number;
  readonly #request: Request;
  readonly #keeper: CallKeeper;

  constructor(life: Life, number: number, request: Request, keeper: CallKeeper) {
    this.#life = life;
    this.#number = number;
    this.#request = request;
    this.#keeper = keeper;
  }

  lives(): boolean {
    return !this.#life.over;
  }

  done(outcome: Outcome<Reply>): void {
    if (this.lives()) this.#keeper.ended(this.#number, this.#request, outcome);
  }

  abandoned(): void {
    this.#keeper.abandoned();
  }

  failed(error: unknown): void {
    this.#keeper.failed(this.#number, error);
  }
}

/** Something that nobody called for: the boot of a process, or what it waits for by itself. */
export class Chore<R> implements Task<R> {
  readonly #life: Life;
  readonly done: (outcome: Outcome<R>) => void;
  readonly failed: (error: unknown) => void;

  constructor(life: Life, done: (outcome: Outcome<R>) => void, failed: (error: unknown) => void) {
    this.#life = life;
    this.done = done;
    this.failed = failed;
  }

  lives(): boolean {
    return !this.#life.over;
  }

  abandoned(): void {
    // Nobody waits for it.
  }
}

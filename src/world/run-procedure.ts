/** Runs a procedure in a world: statements go to their store, pauses pass, and the end of its process ends it. */
import { unreachable } from '../core/unreachable.ts';
import type { Outcome, Procedure, Waiting } from '../service/procedure.ts';
import { examinable } from '../service/uncaught.ts';
import type { Resumable, Statement } from './database.ts';
import type { Stores } from './stores.ts';
import type { TrueTime } from './time.ts';

/** What a procedure is run for. */
export interface Task<R> {
  /** Whether the process that runs it still lives. */
  lives(): boolean;
  /** Told when a statement has taken effect: its position among all of the run, and whether it may have written. */
  ran(position: number, mayHaveWritten: boolean): void;
  /** Told what came of it, unless its process ends before. */
  done(outcome: Outcome<R>): void;
  /** Told when what the procedure waited for has come and its process lives no longer. */
  abandoned(): void;
  /** Told of work left to go on by itself that failed. */
  failed(error: unknown): void;
}

/** Steps that take no time run at once. */
export function runProcedure<R>(procedure: Procedure<R>, task: Task<R>, time: TrueTime, stores: Stores): void {
  new Run(procedure, task, time, stores).advance({ value: undefined });
}

class Run<R> implements Resumable {
  readonly #procedure: Procedure<R>;
  readonly #task: Task<R>;
  readonly #time: TrueTime;
  readonly #stores: Stores;
  /** Under way. */
  #statement: Statement | null = null;

  constructor(procedure: Procedure<R>, task: Task<R>, time: TrueTime, stores: Stores) {
    this.#procedure = procedure;
    this.#task = task;
    this.#time = time;
    this.#stores = stores;
  }

  advance(outcome: Outcome): void {
    this.#work(outcome);
    this.#stores.stepped();
  }

  /** What it waited for has come. */
  resume(outcome: Outcome): void {
    this.#note(outcome);
    if (this.#task.lives()) this.advance(outcome);
    else this.#task.abandoned();
  }

  #work(outcome: Outcome): void {
    let next: Outcome | null = outcome;
    while (next !== null) {
      let turn: IteratorResult<Waiting, R>;
      try {
        turn = 'error' in next ? this.#procedure.throw(next.error) : this.#procedure.next(next.value);
      } catch (error) {
        this.#task.done({ error: examinable(error) });
        return;
      }
      if (turn.done === true) {
        this.#task.done({ value: turn.value });
        return;
      }
      next = this.#begin(turn.value);
    }
  }

  #execute(statement: Statement): Outcome | null {
    this.#statement = statement;
    const outcome = this.#stores.database(statement.store).execute(statement, this);
    if (outcome !== null) this.#note(outcome);
    return outcome;
  }

  /** The statement that was under way, if any, has just taken effect. */
  #note(outcome: Outcome): void {
    if (this.#statement === null) return;
    const { access } = this.#statement;
    this.#statement = null;
    this.#task.ran(this.#stores.nextPosition(), access === 'write' && !('error' in outcome));
  }

  /** What came of it at once; null where that takes time. */
  #begin(waiting: Waiting): Outcome | null {
    switch (waiting.type) {
      case 'statement':
        return this.#execute(waiting);
      case 'pause':
        this.#time.in(waiting.lasts, () => this.resume({ value: undefined }));
        return null;
      case 'promise':
        waiting.promise.then(
          (value) => this.resume({ value }),
          (error: unknown) => this.resume({ error }),
        );
        return null;
      case 'spawn':
        runProcedure(waiting.procedure, new Spawned(this.#task), this.#time, this.#stores);
        return { value: undefined };
      default:
        return unreachable(waiting);
    }
  }
}

/** Work that goes on by itself; no procedure waits for it. Its statements count as those of the call that began it. */
class Spawned implements Task<unknown> {
  readonly #by: Pick<Task<never>, 'lives' | 'failed' | 'ran'>;

  constructor(by: Pick<Task<never>, 'lives' | 'failed' | 'ran'>) {
    this.#by = by;
  }

  ran(position: number, mayHaveWritten: boolean): void {
    this.#by.ran(position, mayHaveWritten);
  }

  lives(): boolean {
    return this.#by.lives();
  }

  done(outcome: Outcome): void {
    if ('error' in outcome) this.failed(outcome.error);
  }

  abandoned(): void {
    // Nobody is told.
  }

  failed(error: unknown): void {
    this.#by.failed(error);
  }
}

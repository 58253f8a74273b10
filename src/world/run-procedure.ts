/** Runs a procedure in a world: statements go to their store, pauses pass, and the end of its process ends it. */
import type { Outcome, Procedure, Waiting } from '../service/procedure.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Database } from './database.ts';
import type { TrueTime } from './time.ts';

export interface Running {
  readonly time: TrueTime;
  readonly database: (name: string) => Database;
  /** Whether the process that runs it still lives. */
  readonly lives: () => boolean;
  /** Told after each stretch of work, because it may have changed what is held. */
  readonly stepped: () => void;
  /** Told when what the procedure waited for has come and its process lives no longer. */
  readonly abandoned: () => void;
  /** Told of work left to go on by itself that failed. */
  readonly failed: (error: unknown) => void;
}

/** `done` is told what came of it, unless its process ends before. Steps that take no time run at once. */
export function runProcedure<R>(
  procedure: Procedure<R>,
  running: Running,
  done: (outcome: { readonly value: R } | { readonly error: unknown }) => void,
): void {
  advance({ value: undefined });

  function goOn(outcome: Outcome): void {
    if (running.lives()) advance(outcome);
    else running.abandoned();
  }

  function advance(outcome: Outcome): void {
    work(outcome);
    running.stepped();
  }

  function work(outcome: Outcome): void {
    let next = outcome;
    for (;;) {
      let turn: IteratorResult<Waiting, R>;
      try {
        turn = 'error' in next ? procedure.throw(next.error) : procedure.next(next.value);
      } catch (error) {
        done({ error });
        return;
      }
      if (turn.done === true) {
        done({ value: turn.value });
        return;
      }
      const immediate = begin(turn.value);
      if (immediate === null) return;
      next = immediate;
    }
  }

  /** What came of it at once; null where that takes time. */
  function begin(waiting: Waiting): Outcome | null {
    switch (waiting.type) {
      case 'statement':
        return now((resume) => running.database(waiting.store).execute(waiting, resume));
      case 'pause':
        running.time.in(waiting.lasts, () => goOn({ value: undefined }));
        return null;
      case 'promise':
        waiting.promise.then(
          (value) => goOn({ value }),
          (error: unknown) => goOn({ error }),
        );
        return null;
      case 'spawn':
        runProcedure(waiting.procedure, { ...running, abandoned: () => undefined }, (outcome) => {
          if ('error' in outcome) running.failed(outcome.error);
        });
        return { value: undefined };
      default:
        return unreachable(waiting);
    }
  }

  /** The outcome where it is there before `start` returns; otherwise null, and the procedure goes on when it comes. */
  function now(start: (resume: (outcome: Outcome) => void) => void): Outcome | null {
    let immediate: Outcome | null = null;
    let returned = false;
    start((outcome) => {
      if (!returned) immediate = outcome;
      else goOn(outcome);
    });
    returned = true;
    return immediate;
  }
}

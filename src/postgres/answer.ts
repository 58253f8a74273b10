/** How long Postgres is waited for: a server that was stopped, or hangs, accepts what is sent and never answers. */
import { EnvironmentError } from '../core/failures.ts';

/** A command of ours takes milliseconds, and what waits for a lock of ours some more; a busy machine may need seconds. */
const LIMIT_S = 30;

/** What has to be left to the next run, or to the end of the process, is not waited for as long. */
const CLOSING_LIMIT_S = 3;

/** What was asked of the server. Throws `EnvironmentError` when it has not answered for 30 s; then its outcome is unknown. */
export async function answered<T>(what: string, asked: Promise<T>): Promise<T> {
  const outcome = await within(LIMIT_S, asked);
  if (outcome !== SILENCE) return outcome;
  throw new EnvironmentError(
    `Postgres has not answered for ${LIMIT_S} s during '${what}', so its outcome is unknown: ` +
      `see that the server is running, neither stopped nor overloaded, and that no other connection locks the tables of this run, ` +
      `then run again; or let Seatproof bring its own with --postgres embedded`,
  );
}

/** Waits for what is done on the way out, if it does not take long, and whether it succeeds or not. */
export async function attempted(asked: Promise<unknown>): Promise<void> {
  await within(
    CLOSING_LIMIT_S,
    asked.catch(() => undefined),
  );
}

const SILENCE = Symbol('no answer');

/** Counted second by second, so that the time for which this process was itself stopped, by Ctrl-Z say, counts as one. */
function within<T>(limit: number, asked: Promise<T>): Promise<T | typeof SILENCE> {
  return new Promise((resolve, reject) => {
    let left = limit;
    const clock = setInterval(() => {
      left -= 1;
      if (left === 0) settle(() => resolve(SILENCE));
    }, 1_000);
    const settle = (how: () => void): void => {
      clearInterval(clock);
      how();
    };
    asked.then(
      (answer) => settle(() => resolve(answer)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}

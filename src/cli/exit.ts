/** Ending the process: for this program to do, and not for a file that it reads. */
import { fileURLToPath } from 'node:url';
import { UsageError } from '../core/failures.ts';
import { framesOf } from '../scenario/words/place.ts';

const OURS = fileURLToPath(new URL('..', import.meta.url));
const exit = process.exit.bind(process);

/** Ends the process now. */
export function exitNow(code: number): never {
  return exit(code);
}

/** From now on `process.exit` throws a `UsageError` with the place where a file of the user's calls it. */
export function keepExitFromFiles(): void {
  process.exit = (code) => {
    const place = [...framesOf(new Error('only for its stack').stack ?? '')].find(({ file }) => !file.startsWith(OURS));
    if (place === undefined) return exit(code);
    throw new UsageError(
      `the file calls process.exit(${code ?? ''}), which would end the run before it has told anything; ` +
        `leave it out, or say what is wrong with throw new Error('…')`,
      place,
    );
  };
}

/** What is thrown where nobody waits for it, as by a timer that a scenario file has set: whose it is. */
import { fileURLToPath } from 'node:url';
import { isEnvironmentError, isUsageError, UsageError } from '../core/failures.ts';
import { framesOf } from '../scenario/words/place.ts';

const OURS = fileURLToPath(new URL('..', import.meta.url));

/** A `UsageError` with the place where a file of the user's threw; the error itself where it may be a mistake of ours. */
export function ofStray(error: unknown): unknown {
  if (isUsageError(error) || isEnvironmentError(error)) return error;
  // We throw errors only.
  if (!(error instanceof Error)) return new UsageError(`a scenario file threw '${String(error)}' ${WHERE}`);
  // A library may have been called by either, so who called it tells.
  const place = [...framesOf(error.stack ?? '')].find(
    ({ file }) => isOurs(file) || !/[\\/]node_modules[\\/]/.test(file),
  );
  if (place === undefined || isOurs(place.file)) return error;
  return new UsageError(`the file threw ${WHERE}: ${error.name}: ${error.message}`, place);
}

function isOurs(file: string): boolean {
  return file.startsWith(OURS);
}

const WHERE = 'outside of an awaited call, in a callback or in a promise; await the call, or catch the error';

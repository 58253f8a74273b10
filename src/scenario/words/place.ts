/** Where in the user's file a word was written. */
import { fileURLToPath } from 'node:url';
import { isUsageError, UsageError, type Place } from '../../core/failures.ts';
import { parseDuration, type Duration } from '../../core/time.ts';

/** The longest time a scenario can cover: timers count in 31 bits. */
export const LONGEST = 2 ** 31 - 1;

const FRAME = /(?:\(|at )((?:file:\/\/)?[^()\s][^()]*):(\d+):\d+\)?$/;
const WORDS = fileURLToPath(new URL('.', import.meta.url));

/** The nearest caller that is not itself one of the scenario words; null where the stack does not tell. */
export function callerPlace(): Place | null {
  for (const place of framesOf(new Error('only for its stack').stack ?? '')) {
    if (!place.file.startsWith(WORDS)) return place;
  }
  return null;
}

/** The places in a stack, the innermost first; without those in Node itself. */
export function* framesOf(stack: string): Iterable<Place> {
  for (const line of stack.split('\n').slice(1)) {
    const frame = FRAME.exec(line);
    if (frame?.[1] === undefined || frame[2] === undefined || frame[1].startsWith('node:')) continue;
    // A loader may add a query to the URL of a module.
    const location = frame[1].replace(/\?.*$/, '');
    yield { file: location.startsWith('file://') ? fileURLToPath(location) : location, line: Number(frame[2]) };
  }
}

/** Reads a duration that stands in the user's file, so that an error can name the line. */
export function readDuration(text: string): Duration {
  try {
    return parseDuration(text);
  } catch (error) {
    if (isUsageError(error)) throw new UsageError(error.message, callerPlace());
    throw error;
  }
}

/** Reads how long something in a world lasts or takes: no longer than a scenario can. */
export function readSpan(text: string): Duration {
  const duration = readDuration(text);
  if (duration <= LONGEST) return duration;
  throw new UsageError(`${text} is too long; a scenario covers at most 24 days`, callerPlace());
}

/** Gives an error that has no place yet the place of what was being read. */
export function placed<T>(place: Place | null, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isUsageError(error) && error.place === null) throw new UsageError(error.message, place);
    throw error;
  }
}

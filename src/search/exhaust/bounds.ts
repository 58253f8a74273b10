/** How far a search may go, and the clock it asks. */
import { formatDuration, milliseconds, minutes, type Duration } from '../../core/time.ts';

export interface Bounds {
  readonly maxStates: number;
  /** For states and the table of hashes, in bytes. What the model and the program itself need comes on top. */
  readonly maxMemory: number;
  readonly maxTime: Duration;
}

export const DEFAULT_BOUNDS: Bounds = { maxStates: 100_000_000, maxMemory: 2 * 2 ** 30, maxTime: minutes(10) };

export type BoundName = 'states' | 'memory' | 'time';

export const boundInWords: Readonly<Record<BoundName, (bounds: Bounds) => string>> = {
  states: ({ maxStates }) => `${maxStates} distinct states`,
  memory: ({ maxMemory }) => `${Math.round(maxMemory / 2 ** 20)} MiB of memory`,
  time: ({ maxTime }) => `${formatDuration(maxTime)} of time`,
};

/** Real time since it was made. */
export function stopwatch(): () => Duration {
  const begun = performance.now();
  return () => milliseconds(Math.round(performance.now() - begun));
}

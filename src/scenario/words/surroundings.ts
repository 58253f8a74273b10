/** What the world of a scenario is like while nothing happens to it, as it is written. */
import { UsageError } from '../../core/failures.ts';
import type { Duration, DurationText } from '../../core/time.ts';
import type { Clock, ClockName } from '../../history/history.ts';
import { STILL, type Surroundings } from '../../world/script.ts';
import { readClock, readClockName, type ClockText } from './clocks.ts';
import { readSpan } from './place.ts';

export interface SurroundingsText {
  /** How long a message is under way, one way. */
  readonly latency?: DurationText;
  /** How long a statement takes, from the server and back. */
  readonly storeLatency?: DurationText;
  /** How long work takes to come to rest. */
  readonly stopTime?: DurationText;
  /** How many app servers answer, in turn. */
  readonly servers?: number;
  /** Clocks that do not show true time, besides those of the clients: `{ store: { drift: '-100ppm' }, 'server 1': { offset: '1h' } }`. */
  readonly clocks?: { readonly [Name in ClockName]?: ClockText };
}

export const SURROUNDINGS = ['latency', 'storeLatency', 'stopTime', 'servers', 'clocks'];

/** More is a mistake, more likely than a scenario. */
const MOST_SERVERS = 100;

/** `clocks` are those that the cast tells of. */
export function surroundingsOf(text: SurroundingsText, clocks: readonly Clock[]): Surroundings {
  const { latency, storeLatency, stopTime, servers = STILL.servers } = text;
  if (!Number.isSafeInteger(servers) || servers < 1 || servers > MOST_SERVERS) {
    throw new UsageError(
      `there are ${String(servers)} servers; write a whole number from 1 to ${MOST_SERVERS}, for example servers: 2`,
    );
  }
  const time = (duration: DurationText | undefined, otherwise: Duration): Duration =>
    duration === undefined ? otherwise : readSpan(duration);
  return {
    latency: time(latency, STILL.latency),
    storeLatency: time(storeLatency, STILL.storeLatency),
    stopTime: time(stopTime, STILL.stopTime),
    servers,
    clocks: [...clocks, ...otherClocks(text.clocks ?? {}, clocks)],
  };
}

function otherClocks(text: NonNullable<SurroundingsText['clocks']>, known: readonly Clock[]): readonly Clock[] {
  return Object.entries(text).map(([name, clock]) => {
    const named = readClockName(name);
    if (known.some((each) => each.clock === named)) {
      throw new UsageError(`'${name}' has two clocks; leave it out of clocks, or out of its client()`);
    }
    return { clock: named, ...readClock(clock ?? {}) };
  });
}

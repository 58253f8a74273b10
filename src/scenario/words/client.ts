/** A client that runs by itself, as it is written in the cast: its machine, and what is unusual about it. */
import type { ClientConfig } from '../../core/client.ts';
import { UsageError } from '../../core/failures.ts';
import type { Duration, DurationText } from '../../core/time.ts';
import type { Clock } from '../../history/history.ts';
import { CLOCK_FIELDS, readClock, type ClockText } from './clocks.ts';
import { oneOf, onlyKnown } from './known.ts';
import { callerPlace, readDuration } from './place.ts';

/** What differs from the client that the policy wants, with durations as text; and the clock of its machine. */
export type ClientChanges = ClockText &
  Partial<Omit<ClientConfig, 'heartbeat' | 'requestTimeout' | 'fence'>> & {
    readonly heartbeat?: DurationText;
    readonly requestTimeout?: DurationText;
    readonly fence?: DurationText | null;
  };

/** A process on a machine that a client of its own leads. */
export interface ClientRole {
  readonly device: string;
  /** The whole client, made from the one that the policy or the design wants. */
  readonly client: (base: ClientConfig) => ClientConfig;
  /** The clock of its machine, where it does not show true time. */
  readonly clock: Omit<Clock, 'clock'> | null;
}

const CHOICES = {
  pace: ['fixed', 'after-answer'],
  fenceFrom: ['send', 'answer'],
  clock: ['monotonic', 'wall'],
  onWake: ['ask', 'work-on'],
  onFailure: ['keep-trying', 'stop'],
  onGone: ['stop', 'work-on'],
  release: ['after-work', 'during-work', 'never'],
} satisfies Partial<{ readonly [Field in keyof ClientConfig]: readonly ClientConfig[Field][] }>;

const FIELDS = [...CLOCK_FIELDS, ...Object.keys(CHOICES), 'heartbeat', 'requestTimeout', 'retries', 'fence'];

/**
 * A client that runs by itself on the machine of that name, in a world: `{ laptop: client('laptop') }`. It starts when its
 * user says so, and sends heartbeats, stops at its fence and gives the license back as its rules say. Without changes they
 * are those that the policy wants: `client('laptop', { fence: null, drift: '200ppm' })`.
 */
export function client(machine: string, changes: ClientChanges = {}): ClientRole {
  onlyKnown('client()', changes, FIELDS);
  const { heartbeat, requestTimeout, fence, retries, offset, drift, ...choices } = changes;
  for (const [field, values] of Object.entries(CHOICES)) oneOf(field, choices[field as keyof typeof CHOICES], values);
  if (retries !== undefined && !(Number.isSafeInteger(retries) && retries >= 0)) {
    throw new UsageError(
      `retries is ${String(retries)}; write a whole number from 0 up, for example retries: 2`,
      callerPlace(),
    );
  }
  const pause = heartbeat === undefined ? null : positive('heartbeat', heartbeat, '20s');
  const patience = requestTimeout === undefined ? null : readDuration(requestTimeout);
  const limit = typeof fence === 'string' ? positive('fence', fence, '55s') : null;
  return {
    device: machine,
    client: (base) => ({
      ...base,
      ...choices,
      heartbeat: pause ?? base.heartbeat,
      requestTimeout: patience ?? base.requestTimeout,
      retries: retries ?? base.retries,
      fence: fence === undefined ? base.fence : limit,
    }),
    clock:
      offset === undefined && drift === undefined
        ? null
        : readClock({ ...(offset === undefined ? {} : { offset }), ...(drift === undefined ? {} : { drift }) }),
  };
}

function positive(field: string, text: DurationText, example: DurationText): Duration {
  const duration = readDuration(text);
  if (duration > 0) return duration;
  throw new UsageError(`${field} is 0; write for example ${field}: '${example}'`, callerPlace());
}

/** A policy like another one, with some values changed. */
import type { CleanUp, Grace, Policy } from '../../core/policy.ts';
import type { Duration, DurationText } from '../../core/time.ts';
import { onlyKnown, oneOf } from './known.ts';
import { readDuration } from './place.ts';

/** The values of a policy as they are written in a scenario: durations as text, `'lazy'` for a clean-up by the next start. */
export type PolicyChanges = Partial<
  Omit<Policy, 'heartbeat' | 'timeout' | 'overlap' | 'requestTimeout' | 'stopTime' | 'fence' | 'grace' | 'cleanUp'>
> & {
  readonly heartbeat?: DurationText;
  readonly timeout?: DurationText;
  readonly overlap?: DurationText;
  readonly requestTimeout?: DurationText;
  readonly stopTime?: DurationText;
  readonly fence?: DurationText | null;
  readonly grace?: { readonly afterExpiry?: DurationText; readonly afterTakeover?: DurationText };
  readonly cleanUp?: 'lazy' | { readonly every: DurationText };
};

/** `adjust(recommended, { timeout: '90s', fence: '80s' })`. Throws `UsageError` for a field that there is not, and a duration that cannot be read. */
export function adjust(base: Policy, changes: PolicyChanges): Policy {
  onlyKnown('a policy', changes, Object.keys(base));
  const { heartbeat, timeout, overlap, requestTimeout, stopTime, fence, grace, cleanUp, ...rest } = changes;
  const time = (text: DurationText | undefined, otherwise: Duration): Duration =>
    text === undefined ? otherwise : readDuration(text);
  return {
    ...base,
    name: `${base.name} (adjusted)`,
    ...rest,
    heartbeat: time(heartbeat, base.heartbeat),
    timeout: time(timeout, base.timeout),
    overlap: time(overlap, base.overlap),
    requestTimeout: time(requestTimeout, base.requestTimeout),
    stopTime: time(stopTime, base.stopTime),
    fence: fence === undefined ? base.fence : fence === null ? null : readDuration(fence),
    grace: adjustGrace(base.grace, grace),
    cleanUp: cleanUp === undefined ? base.cleanUp : adjustCleanUp(cleanUp),
  };
}

function adjustGrace(base: Grace, changes: PolicyChanges['grace']): Grace {
  onlyKnown('grace', changes, ['afterExpiry', 'afterTakeover']);
  return {
    afterExpiry: changes?.afterExpiry === undefined ? base.afterExpiry : readDuration(changes.afterExpiry),
    afterTakeover: changes?.afterTakeover === undefined ? base.afterTakeover : readDuration(changes.afterTakeover),
  };
}

function adjustCleanUp(change: NonNullable<PolicyChanges['cleanUp']>): CleanUp {
  if (change === 'lazy') return { type: 'lazy' };
  if (typeof change === 'string') oneOf('cleanUp', change, ['lazy', `{ every: '5m' }`]);
  onlyKnown('cleanUp', change, ['every']);
  return { type: 'swept', every: readDuration(change.every) };
}

/** What none of the notes states of its client, and is assumed of all of them alike. */
import type { Policy } from '../policy.ts';
import { NO_TIME, seconds } from '../time.ts';

/** No fence, no grace and no allowed overlap, because no note speaks of one; a request timeout of 5 s without a retry; clocks that do not drift. */
export const UNSTATED = {
  grace: { afterExpiry: NO_TIME, afterTakeover: NO_TIME },
  overlap: NO_TIME,
  requestTimeout: seconds(5),
  retries: 0,
  fence: null,
  stopTime: NO_TIME,
  clockDrift: 0,
} satisfies Partial<Policy>;

/** Consul: a lock held by a session with a time to live, as its API client does it. */
import type { Policy } from '../../core/policy.ts';
import { milliseconds, NO_TIME, seconds } from '../../core/time.ts';
import { UNSTATED } from '../../core/presets/unstated.ts';
import { renamed, withClient } from '../change.ts';
import type { Design } from '../design.ts';
import { referenceDesign } from '../reference.ts';

/**
 * The client's session lives 15 s and is renewed each half of that; after an error it tries again each second, until its
 * last success is 15 s ago, counted from the answer (consul, `api/lock.go` and `api/session.go`). The lock of a session
 * that was invalidated stays closed for a lock-delay of 15 s (Consul's documentation of sessions); the server may
 * invalidate later than the time to live, never earlier. No request timeout is named.
 */
const policy: Policy = {
  ...UNSTATED,
  name: 'consul-lock',
  scope: 'license',
  licenseLimit: 1,
  heartbeat: milliseconds(7_500),
  timeout: seconds(15),
  expiry: 'at',
  onConflict: 'refuse',
  sameDevice: 'reconnect',
  lateHeartbeat: 'reject',
  cleanUp: { type: 'lazy' },
  grace: { afterExpiry: seconds(15), afterTakeover: NO_TIME },
  requestTimeout: seconds(1),
  retries: 6,
  fence: seconds(15),
};

export const CONSUL_LOCK: Design = renamed(
  withClient(referenceDesign(policy, ''), { pace: 'after-answer', fenceFrom: 'answer', onWake: 'work-on' }),
  'consul-lock',
  'Consul: a session of 15 s renewed at half of it, and a lock-delay of 15 s',
);

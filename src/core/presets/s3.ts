/** S3: strict blocking, also of the user's own device, with short figures; and the figures to roll back to. */
import type { Policy } from '../policy.ts';
import { seconds } from '../time.ts';
import { UNSTATED } from './unstated.ts';

/**
 * The figures of the S3 note: heartbeats every 20 s, a timeout of 40 s, expiry at exactly that age, and while it lasts
 * every start is refused, from the same device too. A release clears the heartbeat, and a missing heartbeat means
 * released. Whether a late heartbeat is accepted the note does not say; its row is still there, so it is. No request
 * timeout is given (5 s and no retry are assumed), and no fence.
 */
export const s3: Policy = {
  ...UNSTATED,
  name: 's3',
  scope: 'license',
  licenseLimit: 1,
  heartbeat: seconds(20),
  timeout: seconds(40),
  expiry: 'at',
  onConflict: 'refuse',
  sameDevice: 'refuse',
  lateHeartbeat: 'revive',
  cleanUp: { type: 'lazy' },
};

/** What S3 changes back to if 40 s proves too short: 30 s and 60 s, the values it came from. */
export const s3Rollback: Policy = { ...s3, name: 's3-rollback', heartbeat: seconds(30), timeout: seconds(60) };

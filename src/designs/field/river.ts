/** River: the election of its leader, in a row of Postgres. */
import type { Policy } from '../../core/policy.ts';
import { NO_TIME, seconds } from '../../core/time.ts';
import type { Design } from '../design.ts';
import { referenceDesign } from '../reference.ts';

/**
 * A leader renews each 5 s and its row lives 10 s longer than that; a statement may take 5 s; the leader steps down a
 * second before the end of its row, counted from when it began its last renewal that succeeded (river,
 * `internal/leadership/elector.go`). A row has expired when its end is before now, and from then on is not renewed
 * (`river_leader.sql`).
 */
const policy: Policy = {
  name: 'river-leader',
  scope: 'license',
  licenseLimit: 1,
  heartbeat: seconds(5),
  timeout: seconds(15),
  expiry: 'after',
  onConflict: 'refuse',
  sameDevice: 'reconnect',
  lateHeartbeat: 'reject',
  cleanUp: { type: 'lazy' },
  grace: { afterExpiry: NO_TIME, afterTakeover: NO_TIME },
  overlap: NO_TIME,
  requestTimeout: seconds(5),
  retries: 0,
  fence: seconds(14),
  stopTime: NO_TIME,
  clockDrift: 0.0002,
};

export const RIVER_LEADER: Design = referenceDesign(
  policy,
  'River: a row of 15 s, renewed each 5 s; the leader steps down a second before its end',
);

/** S2: one session per license and symbol, kept alive by heartbeats that write the row. */
import type { Policy } from '../policy.ts';
import { seconds } from '../time.ts';
import { UNSTATED } from './unstated.ts';

/**
 * The figures of the S2 note: heartbeats every 20 s, a timeout of 60 s, one seat for each symbol of a license, another
 * device is refused while the age is below the timeout, so expiry comes at it. The note does not say what its own device meets;
 * as in S0, whose server this is, it comes back into its session. Its heartbeat writes the row whatever its age, which is
 * `lateHeartbeat: 'revive'`. The license is sold for one session, and two symbols are two seats: law P21 sees what
 * follows.
 */
export const s2: Policy = {
  ...UNSTATED,
  name: 's2',
  scope: 'license-and-symbol',
  licenseLimit: 1,
  heartbeat: seconds(20),
  timeout: seconds(60),
  expiry: 'at',
  onConflict: 'refuse',
  sameDevice: 'join',
  lateHeartbeat: 'revive',
  cleanUp: { type: 'lazy' },
};

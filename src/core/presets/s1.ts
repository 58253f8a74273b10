/** S1: an access key that a second device simply takes over, and a job that clears what fell silent. */
import type { Policy } from '../policy.ts';
import { minutes, seconds } from '../time.ts';
import { UNSTATED } from './unstated.ts';

/**
 * The figures of the S1 note: heartbeats every 30 s, a timeout of 60 s, a sweep every 5 minutes, and each start deletes
 * whatever session there was. The job removes sessions older than 60 s (`>`), so expiry comes after the timeout, and up
 * to 5 minutes later. Only the job looks at the age: until it has come by, a late heartbeat is accepted and the session
 * shows as active. No request timeout is given (5 s and no retry are assumed), and no fence.
 */
export const s1: Policy = {
  ...UNSTATED,
  name: 's1',
  scope: 'license',
  licenseLimit: 1,
  heartbeat: seconds(30),
  timeout: seconds(60),
  expiry: 'after',
  onConflict: 'take-over',
  sameDevice: 'reconnect',
  lateHeartbeat: 'revive',
  cleanUp: { type: 'swept', every: minutes(5) },
};

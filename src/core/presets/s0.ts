/** S0: a license server that clears stale sessions at each login, and a launcher and a bot that share one device. */
import type { Policy } from '../policy.ts';
import { seconds } from '../time.ts';
import { UNSTATED } from './unstated.ts';

/**
 * The figures of the S0 note: heartbeats every 30 s, a timeout of 120 s that has to be exceeded (the note compares with
 * `<`), the same device comes back into its session, another one is refused, stale sessions are cleared on login. Its
 * record has no session id and no term, so launcher and bot share one session, and a heartbeat that comes late still
 * finds it as long as no login has cleared it. The note says nothing about the client's request timeout (5 s and no retry
 * are assumed) and gives it no fence.
 */
export const s0: Policy = {
  ...UNSTATED,
  name: 's0',
  scope: 'license',
  licenseLimit: 1,
  heartbeat: seconds(30),
  timeout: seconds(120),
  expiry: 'after',
  onConflict: 'refuse',
  sameDevice: 'join',
  lateHeartbeat: 'revive',
  cleanUp: { type: 'lazy' },
};

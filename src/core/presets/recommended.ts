/** The policy to start from: what the field has learned, with the reason for each value. */
import type { Policy } from '../policy.ts';
import { NO_TIME, seconds } from '../time.ts';

/**
 * Every value has its reason:
 *
 * - `scope: 'license'`, `licenseLimit` 1: one active session per license is what is sold. A seat for each symbol would let
 *   one license work in as many places as there are symbols, because no seat sees another.
 * - `heartbeat` 20 s, `timeout` 60 s: a timeout above two heartbeats plus the worst delay (2 × 20 s + 5 s) lets a healthy
 *   client miss one heartbeat. The ratio of 3 is that of etcd, ZooKeeper and River; the DynamoDB lock client recommends
 *   no less.
 * - `expiry: 'at'`: one closed boundary that start, heartbeat, status and sweep share.
 * - `onConflict: 'ask'`: a rival is refused, told who holds the license and how long the wait really is; it takes over
 *   only the term that its user then names, so that a takeover never hits a session nobody has seen.
 * - `sameDevice: 'reconnect'`: after a crash the user's own device gets in at once, with a new term. The earlier process,
 *   should it still run, is told so at its next heartbeat; and its late release, naming the old term, harms nobody. Until
 *   it has surely stopped the seat stays closed to other devices, also when the new process ends before.
 * - `lateHeartbeat: 'reject'`: one age, one verdict. A heartbeat that could revive what a sweep may end at the same age
 *   would make the outcome a matter of luck.
 * - `cleanUp: 'lazy'`: the next start sees an expired session for itself. A job that clears every few minutes locks a
 *   crashed user out for the timeout plus its period.
 * - `fence` 55 s: a client that cannot reach the server stops by itself 55 s after it sent its last acknowledged
 *   heartbeat. With 2 s to stop and clocks 200 ppm off that is below the 60 s at which the server lets go, so two devices
 *   never work at once; and it is above two heartbeats plus a request timeout, so one lost heartbeat stops nobody.
 * - `grace.afterTakeover` 60 s: as long as an unreachable victim may go on working. A victim that can be reached ends its
 *   session when it learns of the takeover, and the seat is free at once. It counts for what the own device replaced, too.
 *   `grace.afterExpiry` is 0 because the fence has already stopped a client by the time its session expires.
 * - `overlap` 0: nobody need accept that two devices work at once. Fence and grace see to it that none do.
 * - `stopTime` 2 s, `clockDrift` 200 ppm: what the fence leaves room for. Quartz clocks are 10 to 100 ppm off.
 * - `requestTimeout` 5 s with 2 `retries`: three attempts fit into one heartbeat interval.
 */
export const recommended: Policy = {
  name: 'recommended',
  scope: 'license',
  licenseLimit: 1,
  heartbeat: seconds(20),
  timeout: seconds(60),
  expiry: 'at',
  onConflict: 'ask',
  sameDevice: 'reconnect',
  lateHeartbeat: 'reject',
  cleanUp: { type: 'lazy' },
  grace: { afterExpiry: NO_TIME, afterTakeover: seconds(60) },
  overlap: NO_TIME,
  requestTimeout: seconds(5),
  retries: 2,
  fence: seconds(55),
  stopTime: seconds(2),
  clockDrift: 0.0002,
};

/** Keygen: machines of a license that send heartbeats, here of a license for one machine. */
import type { Policy } from '../../core/policy.ts';
import { minutes, seconds } from '../../core/time.ts';
import { UNSTATED } from '../../core/presets/unstated.ts';
import { renamed, withClient } from '../change.ts';
import type { Design } from '../design.ts';
import { referenceDesign } from '../reference.ts';

/**
 * A machine has died when its last heartbeat is more than the policy's duration ago, 10 minutes unless the policy says
 * otherwise, and it cannot be revived unless the policy says so (keygen-api, `app/models/machine.rb`, and the API's
 * `heartbeatResurrectionStrategy`, by default `NO_REVIVE`). The Go SDK sends a heartbeat 30 s before that, and takes an
 * error as the end (keygen-go, `machine.go`). Neither names a request timeout or a fence.
 */
const policy: Policy = {
  ...UNSTATED,
  name: 'keygen',
  scope: 'license',
  licenseLimit: 1,
  heartbeat: seconds(570),
  timeout: minutes(10),
  expiry: 'after',
  onConflict: 'refuse',
  sameDevice: 'reconnect',
  lateHeartbeat: 'reject',
  cleanUp: { type: 'lazy' },
};

export const KEYGEN: Design = renamed(
  withClient(referenceDesign(policy, ''), { onFailure: 'stop', onWake: 'work-on' }),
  'keygen',
  'Keygen: a heartbeat 30 s before the end of a window of 10 minutes; the SDK gives up at the first error',
);

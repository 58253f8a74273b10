/** etcd: a session of its Go client, which keeps a lease alive. */
import type { Policy } from '../../core/policy.ts';
import { seconds } from '../../core/time.ts';
import { UNSTATED } from '../../core/presets/unstated.ts';
import { renamed, withClient } from '../change.ts';
import type { Design } from '../design.ts';
import { referenceDesign } from '../reference.ts';

/**
 * A session lives 60 s (`client/v3/concurrency/session.go`). Keep-alives go out at a third of the time to live after the
 * last answer, and when none has been answered for the whole of it, counted from that answer, the client gives the lease
 * up (`client/v3/lease.go`). No request timeout is named.
 */
const policy: Policy = {
  ...UNSTATED,
  name: 'etcd-session',
  scope: 'license',
  licenseLimit: 1,
  heartbeat: seconds(20),
  timeout: seconds(60),
  expiry: 'at',
  onConflict: 'refuse',
  sameDevice: 'reconnect',
  lateHeartbeat: 'reject',
  cleanUp: { type: 'lazy' },
  retries: 2,
  fence: seconds(60),
};

export const ETCD_SESSION: Design = renamed(
  withClient(referenceDesign(policy, ''), { pace: 'after-answer', fenceFrom: 'answer', onWake: 'work-on' }),
  'etcd-session',
  'etcd: a lease of 60 s kept alive at a third of it; the client gives up a whole time to live after the last answer',
);

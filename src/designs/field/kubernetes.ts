/** Kubernetes: leader election of client-go. */
import type { Policy } from '../../core/policy.ts';
import { seconds } from '../../core/time.ts';
import { UNSTATED } from '../../core/presets/unstated.ts';
import { renamed, withClient } from '../change.ts';
import type { Design } from '../design.ts';
import { referenceDesign } from '../reference.ts';

/**
 * Core clients take a lease of 15 s and try each 2 s to renew it; they give up 10 s after they began to, which is 12 s
 * after their last success; and they do not release the lease when they stop, unless they are told to (client-go,
 * `tools/leaderelection/leaderelection.go`). Candidates count the lease by their own clocks, from when they saw it change;
 * here the store's clock stands for theirs. The record is updated whatever its age.
 */
const policy: Policy = {
  ...UNSTATED,
  name: 'kubernetes-leader',
  scope: 'license',
  licenseLimit: 1,
  heartbeat: seconds(2),
  timeout: seconds(15),
  expiry: 'at',
  onConflict: 'refuse',
  sameDevice: 'reconnect',
  lateHeartbeat: 'revive',
  cleanUp: { type: 'lazy' },
  requestTimeout: seconds(2),
  fence: seconds(12),
};

export const KUBERNETES_LEADER: Design = renamed(
  withClient(referenceDesign(policy, ''), { pace: 'after-answer', fenceFrom: 'answer', release: 'never' }),
  'kubernetes-leader',
  'Kubernetes: a lease of 15 s, renewed each 2 s, given up 10 s after a renewal was due',
);

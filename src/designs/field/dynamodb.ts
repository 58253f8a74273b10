/** DynamoDB lock client: a row with a version that its holder changes. */
import type { Policy } from '../../core/policy.ts';
import { seconds } from '../../core/time.ts';
import { UNSTATED } from '../../core/presets/unstated.ts';
import { renamed, withClient } from '../change.ts';
import type { Design } from '../design.ts';
import { referenceDesign } from '../reference.ts';

/**
 * A lease of 20 s, a heartbeat each 5 s; at least three heartbeats to a lease are recommended
 * (amazon-dynamodb-lock-client, `AmazonDynamoDBLockClientOptions.java`). A holder can ask whether its lock has expired, and
 * nothing stops one that does not. No request timeout is named.
 */
const policy: Policy = {
  ...UNSTATED,
  name: 'dynamodb-lock',
  scope: 'license',
  licenseLimit: 1,
  heartbeat: seconds(5),
  timeout: seconds(20),
  expiry: 'at',
  onConflict: 'refuse',
  sameDevice: 'reconnect',
  lateHeartbeat: 'revive',
  cleanUp: { type: 'lazy' },
};

export const DYNAMODB_LOCK: Design = renamed(
  withClient(referenceDesign(policy, ''), { pace: 'after-answer', onWake: 'work-on' }),
  'dynamodb-lock',
  'DynamoDB lock client: a lease of 20 s, renewed each 5 s; whether it has expired the holder has to ask',
);

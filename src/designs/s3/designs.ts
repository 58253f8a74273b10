/** S3 before its fix, after it, and repaired. */
import type { Policy } from '../../core/policy.ts';
import { s3, s3Rollback } from '../../core/presets/s3.ts';
import { seconds } from '../../core/time.ts';
import { renamed, withClient, withCommands, withoutRequests, withSql } from '../change.ts';
import type { Design } from '../design.ts';
import { withLoopClient } from '../loop-client.ts';
import { referenceDesign } from '../reference.ts';
import { APPROXIMATELY_40, WITHOUT_WAIT, type Notices } from './notices.ts';
import { commandsOf } from './server.ts';

function system(policy: Policy, notices: Notices, sql: NonNullable<Design['sql']>): Design {
  const server = withCommands(referenceDesign(policy, ''), () => commandsOf(policy, notices));
  // Its event loop asks the clock on the wall whether a heartbeat is due.
  const client = withClient(withLoopClient(server), { clock: 'wall' });
  return withSql(withoutRequests(client, 'sweep'), sql);
}

const before = renamed(
  system(s3Rollback, WITHOUT_WAIT, async () => (await import('../sql/s3.ts')).S3.before),
  's3-before',
  'strict at 30 s and 60 s; a refused user is told to close the other instance, and not for how long',
);

const after = renamed(
  system(s3, APPROXIMATELY_40, async () => (await import('../sql/s3.ts')).S3.after),
  's3-after',
  'strict at 20 s and 40 s, called tolerant of one missed heartbeat; a refused user is told 40 seconds beside an estimate',
);

/**
 * What it takes: a timeout above two heartbeats and a request timeout; a client that stops by itself below it, asks after
 * a sleep and reads a clock that nobody sets; one statement a command that knows session and term and never writes a row
 * without its heartbeat; the own device let back in, and others only once what it replaced has stopped; a late heartbeat refused; and a text made from the estimate.
 */
const repairedPolicy: Policy = {
  ...s3,
  timeout: seconds(50),
  sameDevice: 'reconnect',
  lateHeartbeat: 'reject',
  grace: { ...s3.grace, afterTakeover: seconds(50) },
  retries: 2,
  fence: seconds(46),
  stopTime: seconds(2),
  clockDrift: 0.0002,
};

const repaired = renamed(
  referenceDesign(repairedPolicy, ''),
  's3-repaired',
  'strict towards other devices only, at 20 s and 50 s, in one statement a command; a fence of 46 s',
);

export const S3: readonly Design[] = [before, after, repaired];

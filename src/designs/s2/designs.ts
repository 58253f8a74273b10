/** S2 before its fix, after it, and repaired. */
import type { Policy } from '../../core/policy.ts';
import { s2 } from '../../core/presets/s2.ts';
import { seconds } from '../../core/time.ts';
import { renamed, withCommands, withoutRequests, withSql } from '../change.ts';
import type { Design } from '../design.ts';
import { withLoopClient } from '../loop-client.ts';
import { referenceDesign } from '../reference.ts';
import { commandsOf } from './server.ts';

const SYSTEM = withoutRequests(withLoopClient(referenceDesign(s2, '')), 'sweep');

const before = renamed(
  withSql(
    withCommands(SYSTEM, (host) => commandsOf(host, 'swallowed')),
    async () => (await import('../sql/s2.ts')).S2.before,
  ),
  's2-before',
  'a heartbeat writes the row whatever became of it, and its failure is answered 200',
);

const after = renamed(
  withSql(
    withCommands(SYSTEM, (host) => commandsOf(host, 'reported')),
    async () => (await import('../sql/s2.ts')).S2.after,
  ),
  's2-after',
  'a heartbeat that fails is answered 500; it still writes the row whatever became of it',
);

/**
 * What it takes: one statement a command that knows session and term, one seat for the license where one session is what
 * is sold, an own device that replaces its session instead of sharing it, a wait until the replaced one has stopped, a late heartbeat that is refused, and a client
 * that stops by itself below the timeout and asks after a sleep. Interval, timeout and boundary stay as they are.
 */
const repairedPolicy: Policy = {
  ...s2,
  scope: 'license',
  sameDevice: 'reconnect',
  lateHeartbeat: 'reject',
  grace: { ...s2.grace, afterTakeover: seconds(60) },
  retries: 2,
  fence: seconds(55),
  stopTime: seconds(2),
  clockDrift: 0.0002,
};

const repaired = renamed(
  referenceDesign(repairedPolicy, ''),
  's2-repaired',
  'a heartbeat renews its own session and term and nothing else; one seat for the license; a fence of 55 s',
);

export const S2: readonly Design[] = [before, after, repaired];

/** S0 before its fix, after it, and repaired. */
import type { Policy } from '../../core/policy.ts';
import { s0 } from '../../core/presets/s0.ts';
import { seconds } from '../../core/time.ts';
import { renamed, withCommands, withoutRequests, withSql } from '../change.ts';
import type { Design } from '../design.ts';
import { withLoopClient } from '../loop-client.ts';
import { referenceDesign } from '../reference.ts';
import { WITH_PROCESS_ID } from './process-id.ts';
import { commandsOf } from './server.ts';

// There is no clean-up job: each login clears for itself.
const SYSTEM = withoutRequests(withLoopClient(referenceDesign(s0, '')), 'sweep');

const before: Design = {
  ...renamed(
    withSql(
      withCommands(SYSTEM, ({ policy }) => commandsOf(policy, 'for-another-device')),
      async () => (await import('../sql/s0.ts')).S0.before,
    ),
    's0-before',
    'the process id is part of the fingerprint; a login checks, clears for another device, and claims',
  ),
  presents: WITH_PROCESS_ID,
};

const after = renamed(
  withSql(
    withCommands(SYSTEM, ({ policy }) => commandsOf(policy, 'always')),
    async () => (await import('../sql/s0.ts')).S0.after,
  ),
  's0-after',
  'one fingerprint for all processes of a device; a login clears, checks and claims in three statements',
);

/**
 * What it takes: one statement a command that knows session and term; a bot that replaces the session of its launcher,
 * because a session that two processes share is ended by the first that stops; a wait until the replaced one has stopped, should
 * the bot end before; a late heartbeat that is refused; and a
 * client that stops by itself below the timeout and asks after a sleep. Interval, timeout and boundary stay as they are.
 */
const repairedPolicy: Policy = {
  ...s0,
  sameDevice: 'reconnect',
  lateHeartbeat: 'reject',
  grace: { ...s0.grace, afterTakeover: seconds(120) },
  retries: 2,
  fence: seconds(115),
  stopTime: seconds(2),
  clockDrift: 0.0002,
};

const repaired = renamed(
  referenceDesign(repairedPolicy, ''),
  's0-repaired',
  'one statement a command, by session and term; the bot replaces its launcher; a fence of 115 s',
);

export const S0: readonly Design[] = [before, after, repaired];

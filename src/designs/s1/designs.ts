/** S1 before its client took part, after it, and repaired. */
import type { Policy } from '../../core/policy.ts';
import { s1 } from '../../core/presets/s1.ts';
import { seconds } from '../../core/time.ts';
import { renamed, withClient, withCommands, withSql } from '../change.ts';
import type { Design } from '../design.ts';
import { withLoopClient } from '../loop-client.ts';
import { referenceDesign } from '../reference.ts';
import { commandsOf } from './server.ts';

const SYSTEM = withLoopClient(withCommands(referenceDesign(s1, ''), ({ policy }) => commandsOf(policy)));

/** The sessions are there, and no program heeds them: whoever has the key works. */
const before = renamed(
  withSql(
    withClient(SYSTEM, { onGone: 'work-on', release: 'never' }),
    async () => (await import('../sql/s1.ts')).S1.before,
  ),
  's1-before',
  'sessions that the client neither heeds nor gives back; a start finds, deletes and inserts',
);

const after = renamed(
  withSql(SYSTEM, async () => (await import('../sql/s1.ts')).S1.after),
  's1-after',
  'the client stops when its session is gone; a start finds, deletes and inserts; a job clears every 5 minutes',
);

/**
 * What it takes: a start in one statement that says whom it replaced, expiry that every command sees for itself instead
 * of a job, a late heartbeat that is refused, a timeout above two heartbeats and a request timeout, a client that stops by
 * itself below it and asks after a sleep, and a wait after a takeover until a victim that cannot be reached has stopped.
 */
const repairedPolicy: Policy = {
  ...s1,
  timeout: seconds(75),
  lateHeartbeat: 'reject',
  cleanUp: { type: 'lazy' },
  grace: { ...s1.grace, afterTakeover: seconds(75) },
  retries: 2,
  fence: seconds(70),
  stopTime: seconds(2),
  clockDrift: 0.0002,
};

const repaired = renamed(
  referenceDesign(repairedPolicy, ''),
  's1-repaired',
  'a takeover in one statement that waits for its victim; expiry after 75 s without a job; a fence of 70 s',
);

export const S1: readonly Design[] = [before, after, repaired];

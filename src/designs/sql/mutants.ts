/** The reference SQL without one of its guards each: a condition, a lock, or a key. Each must be caught. */
import { recommended } from '../../core/presets/recommended.ts';
import type { Policy } from '../../core/policy.ts';
import { minutes, seconds } from '../../core/time.ts';
import { END } from '../../postgres/sql/end.ts';
import { HEARTBEAT } from '../../postgres/sql/heartbeat.ts';
import { START } from '../../postgres/sql/start.ts';
import { SWEEP } from '../../postgres/sql/sweep.ts';
import type { Design } from '../design.ts';
import { sqlOnly } from './only.ts';
import { referenceSystem, type ReferenceOptions } from './reference.ts';

export interface Mutant {
  /** Where the guard is: `start`, or `table`. */
  readonly where: string;
  /** What is left out. */
  readonly guard: string;
  readonly design: Design;
  /** The reference under the same policy, with all its guards. */
  readonly whole: Design;
  /** The command that it is about. */
  readonly command: 'start' | 'heartbeat' | 'end' | 'sweep';
  /** Whether it takes the clock to move. */
  readonly clock: boolean;
}

interface Guard {
  readonly of: { readonly name: string; readonly text: string };
  readonly guard: string;
  readonly cut: string;
  readonly put?: string;
  readonly policy?: Policy;
  readonly clock?: boolean;
}

const SWEPT: Policy = { ...recommended, name: 'swept', cleanUp: { type: 'swept', every: minutes(5) } };
const STRICT: Policy = { ...recommended, name: 'strict', sameDevice: 'refuse' };
const JOINING: Policy = { ...recommended, name: 'joining', sameDevice: 'join' };
/** Under which what a device itself followed matters longer than the takeover of what came after it. */
const CLOSING: Policy = {
  ...recommended,
  name: 'closing',
  onConflict: 'take-over',
  grace: { afterExpiry: seconds(30), afterTakeover: seconds(0) },
};
const LOCK = '  SELECT * FROM seats WHERE license_key = $1 AND symbol = $2 FOR NO KEY UPDATE';
const UNLOCKED = '  SELECT * FROM seats WHERE license_key = $1 AND symbol = $2';
const AFTER_LOCK = 'clock_timestamp() AS now\n  FROM (SELECT count(*) FROM seat) AS locked';

const GUARDS: readonly Guard[] = [
  { of: START, guard: 'the lock of the row', cut: LOCK, put: UNLOCKED },
  { of: START, guard: 'the clock read after the lock', cut: AFTER_LOCK, put: 'now() AS now', clock: true },
  {
    of: START,
    guard: 'what its client ended is gone',
    cut: `WHEN same_session AND seat.state = 'released' THEN 'gone'`,
    put: '',
  },
  {
    of: START,
    guard: 'a session that another one followed is gone',
    cut: `WHEN NOT same_session AND seat.previous_session_id = asked.session_id THEN 'gone'`,
    put: '',
  },
  {
    of: START,
    guard: 'what its device has followed closes the seat',
    cut: `CASE WHEN same_device THEN
      nullif(greatest(asked.now, CASE verdict WHEN 'replaced' THEN opens_at_if_revoked ELSE opens_at END), asked.now)
    END AS closed_until`,
    put: 'NULL::timestamptz AS closed_until',
    policy: CLOSING,
  },
  {
    of: START,
    guard: 'a seat that is closed stays so after its end',
    cut: 'greatest(seat.closed_until, CASE seat.state',
    put: 'greatest(NULL, CASE seat.state',
  },
  {
    of: START,
    guard: 'a start said twice keeps it closed',
    cut: 'asked.now, asked.timeout_ms, seat.closed_until,',
    put: 'asked.now, asked.timeout_ms, NULL::timestamptz,',
  },
  {
    of: START,
    guard: 'a takeover waits while the seat is closed',
    cut: 'greatest(seat.closed_until, least(',
    put: 'greatest(NULL, least(',
    policy: CLOSING,
  },
  {
    of: START,
    guard: 'a grace keeps the seat free',
    cut: `WHEN NOT holds AND wait.ms > 0
        AND NOT (same_device AND seat.state <> 'revoked' AND asked.same_device_policy <> 'refuse') THEN 'grace'`,
    put: '',
  },
  {
    of: START,
    guard: 'a revoked device waits for the grace too',
    cut: `AND NOT (same_device AND seat.state <> 'revoked' AND`,
    put: 'AND NOT (same_device AND',
  },
  { of: START, guard: 'a start said twice is kept', cut: `WHEN same_session THEN 'kept'`, put: '' },
  {
    of: START,
    guard: 'a second process joins',
    cut: `WHEN same_device AND asked.same_device_policy = 'join' THEN 'kept'`,
    put: '',
    policy: JOINING,
  },
  {
    of: START,
    guard: 'the own device is refused',
    cut: `WHEN same_device THEN 'same-device'`,
    put: '',
    policy: STRICT,
  },
  {
    of: START,
    guard: 'another device is refused',
    cut: `WHEN NOT (asked.on_conflict = 'take-over' OR agreed) THEN 'other-device'`,
    put: '',
  },
  {
    of: START,
    guard: 'a takeover names the term',
    cut: ' AND asked.take_over IS NOT DISTINCT FROM seat.term AS agreed',
    put: ' AS agreed',
  },
  {
    of: START,
    guard: 'a takeover waits for the grace',
    cut: `WHEN opens_at_if_revoked > asked.now THEN 'revoked'`,
    put: '',
  },
  { of: START, guard: 'what was not judged is not overwritten', cut: '  WHERE EXISTS (SELECT FROM seat)\n', put: '' },
  {
    of: START,
    guard: 'a lost first grant is said again',
    cut: `WHERE written.term IS NOT NULL OR verdict NOT IN ('granted', 'replaced', 'kept', 'revoked')`,
    put: '',
  },
  { of: HEARTBEAT, guard: 'the lock of the row', cut: LOCK, put: UNLOCKED },
  { of: HEARTBEAT, guard: 'the clock read after the lock', cut: AFTER_LOCK, put: 'now() AS now', clock: true },
  {
    of: HEARTBEAT,
    guard: 'its own session and term',
    cut: 'WHEN (seat.session_id, seat.term) IS DISTINCT FROM (asked.session_id, asked.term)',
    put: 'WHEN seat.term IS NULL',
  },
  { of: HEARTBEAT, guard: 'what was ended is over', cut: `WHEN seat.state = 'released' THEN 'ended'`, put: '' },
  {
    of: HEARTBEAT,
    guard: 'what was swept is over',
    cut: `WHEN seat.state = 'swept' THEN 'expired'`,
    put: '',
    policy: { ...SWEPT, lateHeartbeat: 'revive' },
  },
  { of: HEARTBEAT, guard: 'what was revoked is over', cut: `WHEN seat.state = 'revoked' THEN 'replaced'`, put: '' },
  {
    of: HEARTBEAT,
    guard: 'what has expired is over',
    cut: `WHEN asked.late_heartbeat = 'reject' AND`,
    put: `WHEN false AND`,
  },
  { of: HEARTBEAT, guard: 'only what was ruled is written', cut: ` AND verdict = 'renewed'`, put: '' },
  { of: END, guard: 'the lock of the row', cut: LOCK, put: UNLOCKED },
  {
    of: END,
    guard: 'its own session and term',
    cut: 'WHEN (seat.session_id, seat.term) IS DISTINCT FROM (asked.session_id, asked.term)',
    put: 'WHEN seat.term IS NULL',
  },
  { of: END, guard: 'only what was ruled is written', cut: ` AND verdict = 'released'`, put: '' },
  { of: SWEEP, guard: 'the lock of the rows', cut: '  FOR NO KEY UPDATE OF seat\n', put: '' },
  { of: SWEEP, guard: 'only what is held', cut: `seat.state = 'held' AND`, put: '' },
  {
    of: SWEEP,
    guard: 'only what has expired',
    cut: `WHERE seat.state = 'held' AND asked.now >=`,
    put: `WHERE seat.state = 'held' AND asked.now IS NOT NULL OR asked.now >=`,
  },
];

export const MUTANTS: readonly Mutant[] = [...GUARDS.map(mutantOf), withoutKey()];

/** Without the key nothing can conflict with it, so the insert does not say what to do then. */
function withoutKey(): Mutant {
  const from = START.text.indexOf('  ON CONFLICT');
  const to = START.text.indexOf('  RETURNING stored');
  if (from === -1 || to === -1) throw new Error('the start no longer inserts as it did');
  const text = START.text.slice(0, from) + START.text.slice(to);
  return {
    where: 'table',
    guard: 'one row a seat',
    command: 'start',
    clock: false,
    whole: wholeUnder(recommended),
    design: inTransaction('seats without: one row a seat', recommended, {
      alter: 'ALTER TABLE seats DROP CONSTRAINT seats_pkey',
      change: (statement) => (statement.name === START.name ? { name: `${START.name}:key`, text } : statement),
    }),
  };
}

function wholeUnder(policy: Policy): Design {
  return inTransaction(`recommended-in-transaction, ${policy.name}`, policy, {});
}

function inTransaction(name: string, policy: Policy, options: ReferenceOptions): Design {
  const system = referenceSystem(policy, { ...options, transaction: true });
  return { ...sqlOnly(name, 'a mutant of the reference SQL', policy, () => Promise.resolve(system)), keepsRule: true };
}

function mutantOf({ of, guard, cut, put = '', policy = recommended, clock = false }: Guard, index: number): Mutant {
  const command = of.name.replace('seatproof:', '') as Mutant['command'];
  const text = of.text.replace(cut, () => put);
  if (text === of.text) throw new Error(`the ${command} has no such guard as '${guard}'; it reads otherwise by now`);
  return {
    where: command,
    guard,
    command,
    clock,
    whole: wholeUnder(policy),
    design: inTransaction(`${command} without: ${guard}`, policy, {
      // Under a name of its own, because a prepared statement is known by its name.
      change: (statement) => (statement.name === of.name ? { name: `${of.name}:${index}`, text } : statement),
    }),
  };
}

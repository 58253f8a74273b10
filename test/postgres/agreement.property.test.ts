/** The two implementations of the server's rule, `decide` and the reference SQL, agree: reply by reply and row by row. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Command } from '../../src/core/command.ts';
import type { Policy } from '../../src/core/policy.ts';
import type { Reply } from '../../src/core/reply.ts';
import { unreachable } from '../../src/core/unreachable.ts';
import { FRESH_SEAT, type Scope, type Seat } from '../../src/core/seat.ts';
import { instant, milliseconds, NO_TIME, START, type Duration, type Instant } from '../../src/core/time.ts';
import type { StoreRefusal } from '../../src/history/history.ts';
import { deployPostgres } from '../../src/postgres/deployment.ts';
import { openSchema, type PostgresSchema } from '../../src/postgres/schema.ts';
import { postgresService } from '../../src/postgres/service.ts';
import { referenceService } from '../../src/service/reference.ts';
import { MemoryStore } from '../../src/service/store.ts';
import { send } from '../../src/service/send.ts';
import { LONG } from '../long.ts';
import { SEED, seed } from '../seed.ts';
import { sharedServer } from './shared-server.ts';

const RUNS = LONG ? 3_000 : 60;

let schema: PostgresSchema;
beforeAll(async () => {
  schema = await openSchema(await sharedServer());
});
afterAll(() => schema.close());

test('decide and the SQL agree', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(POLICY, POLICY, fc.array(STEP, { minLength: 1, maxLength: 60, size: 'max' }), playOnBoth),
    { seed, numRuns: RUNS },
  );
  // What was never seen was never compared.
  // eslint-disable-next-line vitest/valid-expect -- the second argument is the message, with the seed
  expect([...seen].sort(), SEED).toEqual(EVERY_ANSWER);
});

const EVERY_ANSWER = [
  'active',
  'ended',
  'failed store',
  'failed unknown-license',
  'gone ended',
  'gone expired',
  'gone replaced',
  'gone unknown',
  'granted',
  'granted, replaced',
  'idle',
  'idle, wait',
  'refused grace',
  'refused grace, replaced',
  'refused other-device',
  'refused same-device',
  'renewed',
  'swept',
  'swept nobody',
];
const seen = new Set<string>();

function kindOf(reply: Reply): string {
  switch (reply.type) {
    case 'granted':
      return reply.replaced === null ? 'granted' : 'granted, replaced';
    case 'refused':
      return `refused ${reply.reason}${reply.replaced === null ? '' : ', replaced'}`;
    case 'gone':
    case 'failed':
      return `${reply.type} ${reply.why}`;
    case 'idle':
      return reply.retryAfter === 0 ? 'idle' : 'idle, wait';
    case 'swept':
      return reply.sessions?.length === 0 ? 'swept nobody' : 'swept';
    case 'renewed':
    case 'ended':
    case 'active':
      return reply.type;
    default:
      return unreachable(reply);
  }
}

const LICENSES = ['key-1', 'key-2'];

/** Two servers with two policies over one store, as while a change of the policy is rolled out. */
async function playOnBoth(policy: Policy, changed: Policy, steps: readonly Step[]): Promise<void> {
  let now: Instant = START;
  const memory = new MemoryStore(LICENSES);
  const modelOf = (each: Policy) => referenceService(memory, each, () => now);
  const models = [modelOf(policy), modelOf(changed)] as const;
  const postgres = await deployPostgres(schema, policy);
  const databases = [postgres.service, postgresService(() => schema.pool, changed)] as const;
  await postgres.reset(LICENSES);
  for (const step of steps) {
    const seats = new Map(memory.rows().map((row) => [JSON.stringify(row.scope), row.seat]));
    let wanted: Reply | null = null;
    let given: Reply | null = null;
    if (step.type === 'fault') {
      memory.fail(step.fault);
      await postgres.fault(step.fault);
    } else if (step.type === 'empty') {
      memory.empty();
      await postgres.empty();
    } else if (step.type === 'restart') {
      await postgres.restart();
    } else if (step.type === 'wait') {
      now = later(now, step, [...seats.values()], [policy, changed]);
      await postgres.setClock(now);
    } else {
      const command = commandOf(step, seats.get(JSON.stringify(step.scope)) ?? FRESH_SEAT);
      wanted = await send(step.server === 0 ? models[0] : models[1], command);
      given = await send(step.server === 0 ? databases[0] : databases[1], command);
      seen.add(kindOf(wanted));
    }
    expect({ step, now, reply: comparable(given) }).toEqual({ step, now, reply: comparable(wanted) });
    expect({ step, now, rows: await postgres.held() }).toEqual({ step, now, rows: memory.rows() });
  }
  await postgres.close();
}

/** Two implementations need not fail in the same words. */
function comparable(reply: Reply | null): unknown {
  return reply?.type === 'failed' ? { ...reply, message: '' } : reply;
}

type Step =
  | { readonly type: 'wait'; readonly pick: number; readonly nudge: number }
  | { readonly type: 'fault'; readonly fault: StoreRefusal | null }
  | { readonly type: 'empty' }
  | { readonly type: 'restart' }
  | {
      readonly type: 'start' | 'heartbeat' | 'end' | 'status' | 'sweep';
      readonly server: 0 | 1;
      readonly scope: Scope;
      /** Which session: that of the seat, the one before, or any. */
      readonly of: 'latest' | 'previous' | 'any';
      readonly session: string;
      readonly device: string;
      /** Added to the term of the session; `null` where a start agrees to nothing. */
      readonly term: number | null;
    };

/** The names in a step are relative to what the seat holds when it is played, so that few of them miss. */
function commandOf(step: Extract<Step, { readonly scope: Scope }>, { term, latest, previous }: Seat): Command {
  const { type, scope } = step;
  const named =
    step.of === 'latest' && latest !== null
      ? { session: latest.id, term }
      : step.of === 'previous' && previous !== null
        ? { session: previous.id, term: term - 1 }
        : { session: step.session, term };
  switch (type) {
    case 'start': {
      const device = step.of === 'latest' && latest !== null ? latest.device : step.device;
      return { type, scope, session: named.session, device, takeOver: step.term === null ? null : term + step.term };
    }
    case 'heartbeat':
    case 'end':
      return { type, scope, session: named.session, term: named.term + (step.term ?? 0), device: step.device };
    case 'status':
      return { type, scope };
    case 'sweep':
      return { type };
    default:
      return unreachable(type);
  }
}

/** One of the instants at which something changes, or the millisecond before or after it. */
function later(
  now: Instant,
  { pick, nudge }: { readonly pick: number; readonly nudge: number },
  seats: readonly Seat[],
  policies: readonly Policy[],
): Instant {
  const instants = seats.flatMap(({ latest }) => {
    if (latest === null || latest.standing.type === 'released') return [];
    const { standing, timeout } = latest;
    const expiry = standing.lastHeartbeat + timeout;
    const waits = policies.flatMap(({ grace, cleanUp }) => [
      grace.afterExpiry,
      cleanUp.type === 'swept' ? cleanUp.every : NO_TIME,
    ]);
    const ofTakeover =
      standing.type !== 'revoked' ? [] : policies.map((p) => standing.revokedAt + p.grace.afterTakeover);
    return [expiry, ...waits.map((wait) => expiry + wait), ...ofTakeover];
  });
  const ahead = instants.map((at) => at + nudge).filter((at) => at >= now);
  return instant(ahead[pick % Math.max(1, ahead.length)] ?? now + pick);
}

const duration = (...values: readonly number[]): fc.Arbitrary<Duration> => fc.constantFrom(...values.map(milliseconds));

const POLICY: fc.Arbitrary<Policy> = fc.record({
  name: fc.constant('random'),
  scope: fc.constantFrom('license', 'license-and-symbol'),
  licenseLimit: fc.constant(1),
  heartbeat: duration(1),
  timeout: duration(2, 10, 40_000, 3_600_001),
  expiry: fc.constantFrom('at', 'after'),
  onConflict: fc.constantFrom('refuse', 'take-over', 'ask'),
  sameDevice: fc.constantFrom('reconnect', 'join', 'refuse'),
  lateHeartbeat: fc.constantFrom('reject', 'revive'),
  cleanUp: fc.oneof(
    fc.constant({ type: 'lazy' } as const),
    fc.record({ type: fc.constant('swept' as const), every: duration(1, 7, 10, 300_000) }),
  ),
  grace: fc.record({ afterExpiry: duration(0, 1, 5, 10, 60_000), afterTakeover: duration(0, 1, 5, 10, 60_000) }),
  overlap: duration(0),
  requestTimeout: duration(5_000),
  retries: fc.constant(0),
  fence: fc.constant(null),
  stopTime: duration(0),
  clockDrift: fc.constant(0),
});

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.record({
      type: fc.oneof(
        { weight: 5, arbitrary: fc.constant('start' as const) },
        { weight: 3, arbitrary: fc.constant('heartbeat' as const) },
        { weight: 2, arbitrary: fc.constantFrom('end' as const, 'status' as const, 'sweep' as const) },
      ),
      server: fc.oneof(
        { weight: 4, arbitrary: fc.constant(0 as const) },
        { weight: 1, arbitrary: fc.constant(1 as const) },
      ),
      scope: fc.oneof(
        { weight: 6, arbitrary: fc.constant({ license: 'key-1', symbol: '' }) },
        {
          weight: 2,
          arbitrary: fc.constantFrom(
            { license: 'key-1', symbol: 'EURUSD' },
            { license: 'key-2', symbol: '' },
            { license: 'no such key', symbol: '' },
          ),
        },
      ),
      of: fc.constantFrom('latest', 'previous', 'any'),
      session: fc.constantFrom('s1', 's2', 's3', 's4'),
      device: fc.constantFrom('laptop', 'desktop', 'phone'),
      term: fc.oneof(
        { weight: 3, arbitrary: fc.constant(null) },
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.constantFrom(-2, -1, 1) },
      ),
    }),
  },
  {
    weight: 30,
    arbitrary: fc.record({ type: fc.constant('wait' as const), pick: fc.nat(20), nudge: fc.constantFrom(-1, 0, 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('fault' as const),
      fault: fc.constantFrom('table-missing', 'writes-refused', null),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'empty' as const }) },
);

/** What the model leaves out makes no difference to random designs either. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientOf, type ClientConfig } from '../../../../src/core/client.ts';
import { isUsageError } from '../../../../src/core/failures.ts';
import type { Policy } from '../../../../src/core/policy.ts';
import { milliseconds, NO_TIME, type Duration } from '../../../../src/core/time.ts';
import { designByName } from '../../../../src/designs/all.ts';
import type { Design } from '../../../../src/designs/design.ts';
import { breachIn, checkSessions, type SessionOptions } from '../../../../src/search/exhaust/session/check.ts';
import { FAULTS } from '../../../../src/search/exhaust/session/faults.ts';
import { NoInstants, replay } from '../../../../src/search/exhaust/session/replay/replay.ts';
import type { SessionModel } from '../../../../src/search/exhaust/session/session-model.ts';
import { sessionModelOf } from '../../../../src/search/exhaust/session/source.ts';
import type { Count } from '../../../../src/search/exhaust/session/states/lasting.ts';
import { LONG } from '../../../long.ts';
import { seed } from '../../../seed.ts';
import { optionsFor } from './options.ts';
import { differences } from './settled.ts';

const BOUNDS = { maxStates: 8_000 };
/** So many designs are compared; others are skipped. */
const RUNS = LONG ? 80 : 1;

const units = (least: number, most: number): fc.Arbitrary<Duration> =>
  fc.integer({ min: least, max: most }).map((each) => milliseconds(each * 1000));

const anyPolicy: fc.Arbitrary<Partial<Policy>> = fc.record({
  heartbeat: units(1, 3),
  timeout: units(3, 5),
  expiry: fc.constantFrom('at', 'after'),
  onConflict: fc.constantFrom('refuse', 'take-over', 'ask'),
  sameDevice: fc.constantFrom('reconnect', 'join', 'refuse'),
  lateHeartbeat: fc.constantFrom('reject', 'revive'),
  cleanUp: fc.oneof(
    fc.constant({ type: 'lazy' as const }),
    units(1, 3).map((every) => ({ type: 'swept' as const, every })),
  ),
  grace: fc.record({ afterExpiry: units(0, 2), afterTakeover: units(0, 3) }),
  requestTimeout: units(1, 2),
  retries: fc.nat({ max: 2 }),
  fence: fc.option(units(1, 5), { nil: null }),
  stopTime: units(0, 2),
});

const anyClient: fc.Arbitrary<Partial<ClientConfig>> = fc.record({
  pace: fc.constantFrom('fixed', 'after-answer'),
  fenceFrom: fc.constantFrom('send', 'answer'),
  clock: fc.constantFrom('monotonic', 'wall'),
  onWake: fc.constantFrom('ask', 'work-on'),
  onFailure: fc.constantFrom('keep-trying', 'stop'),
  onGone: fc.constantFrom('stop', 'work-on'),
  release: fc.constantFrom('after-work', 'during-work', 'never'),
});

const anyDesign: fc.Arbitrary<Design> = fc
  .record({
    base: fc.constantFrom(
      'recommended',
      's0-after',
      's1-after',
      's2-before',
      's3-after',
      'renew-always-true',
      'keygen',
    ),
    policy: anyPolicy,
    client: anyClient,
  })
  .map(({ base, policy: changes, client }) => {
    const design = designByName(base);
    const policy: Policy = { ...design.policy, ...changes, scope: 'license', clockDrift: 0 };
    return { ...design, policy, client: () => ({ ...clientOf(policy), ...client }) };
  });

const anyOptions: fc.Arbitrary<SessionOptions> = fc
  .record({
    kinds: fc.subarray([...FAULTS], { minLength: 1, maxLength: 3 }),
    size: fc.constantFrom(
      { devices: 2, faults: 1 },
      { devices: 2, faults: 2 },
      { devices: 2, faults: 1, launcher: true },
      { devices: 3, faults: 0 },
    ),
    latency: units(0, 3),
  })
  .map(({ kinds, size, latency }) =>
    optionsFor(kinds, { ...size, latency, unit: milliseconds(1000), drift: 0, bounds: BOUNDS }),
  );

/** Null for a design that cannot be searched, such as one whose figures no unit suits. */
function modelFor(design: Design, options: SessionOptions, counts: Count): SessionModel | null {
  try {
    return sessionModelOf(design, options, { allowed: null, counts: [counts] }).model;
  } catch (error) {
    if (isUsageError(error)) return null;
    throw error;
  }
}

/** Whether what breaks in the model breaks in the world too; null where nothing breaks. */
async function breaksInTheWorld(design: Design, options: SessionOptions): Promise<boolean | 'no instants' | null> {
  const check = await checkSessions(design, options);
  const breach = breachIn(check);
  if (breach === null) return null;
  try {
    return (await replay(design, check.grid, check.model, breach, NO_TIME)) !== null;
  } catch (error) {
    if (error instanceof NoInstants) return 'no instants';
    throw error;
  }
}

/** A design that is too large to be searched in every order is skipped and another one is drawn. */
test.each(['overlap', 'blocked', 'astray'] as const)(
  'a search of all that can happen finds the same, as long as $0 is counted, and what breaks happens in the world',
  async (counts) => {
    const drawn = { compared: 0, broken: 0, 'no instants': 0, 'too large': 0, 'cannot be searched': 0 };
    await fc.assert(
      fc.asyncProperty(anyDesign, anyOptions, async (design, options) => {
        const model = modelFor(design, options, counts);
        if (model === null) drawn['cannot be searched']++;
        fc.pre(model !== null);
        const found = await differences(model, BOUNDS);
        if (found === null) drawn['too large']++;
        fc.pre(found !== null);
        drawn.compared++;
        expect(found).toMatchObject({ missing: [], extra: [] });
        const breaks = await breaksInTheWorld(design, options);
        expect(breaks).not.toBe(false);
        if (breaks !== null) drawn.broken++;
        if (breaks === 'no instants') drawn[breaks]++;
      }),
      { seed, numRuns: RUNS },
    );
    process.stdout.write(`random designs, ${counts} counted: ${JSON.stringify(drawn)}\n`);
    expect(drawn.compared).toBeGreaterThanOrEqual(RUNS);
    // The model takes the steps of one moment in any order, so a few counterexamples never happen: about 1 in 300.
    expect(drawn['no instants']).toBeLessThanOrEqual(Math.ceil(drawn.broken / 10));
  },
);

/** fast-check generators of policies and Scripts, with times on and around the boundaries of the policy. */
import fc from 'fast-check';
import type { Policy } from '../../src/core/policy.ts';
import { PRESETS } from '../../src/core/presets/index.ts';
import { instant, milliseconds, NO_TIME, seconds, type Duration } from '../../src/core/time.ts';
import type { Actor } from '../../src/history/history.ts';
import { fingerprint } from '../../src/service/fingerprint.ts';
import { STILL, type Action, type Script, type Step } from '../../src/world/script.ts';

const CAST: readonly Actor[] = [
  ['launcher', 'laptop'],
  ['bot', 'laptop'],
  ['rival', 'desktop'],
  ['third', 'tablet'],
].map(([name = '', device = '']) => ({
  name,
  device,
  fingerprint: fingerprint({ machine: device, user: 'user', platform: 'any' }),
  client: null,
}));

/** Any policy that `validatePolicy` accepts, with small figures so that boundaries are met often. */
export const anyPolicy: fc.Arbitrary<Policy> = fc.oneof(
  fc.constantFrom(...PRESETS.map((preset) => preset.policy)),
  fc.record({
    name: fc.constant('random'),
    scope: fc.constantFrom('license', 'license-and-symbol'),
    licenseLimit: fc.constant(1),
    heartbeat: fc.constantFrom(seconds(10), seconds(20)),
    timeout: fc.constantFrom(seconds(40), seconds(60)),
    expiry: fc.constantFrom('at', 'after'),
    onConflict: fc.constantFrom('refuse', 'take-over', 'ask'),
    sameDevice: fc.constantFrom('reconnect', 'join', 'refuse'),
    lateHeartbeat: fc.constantFrom('reject', 'revive'),
    cleanUp: fc.oneof(
      fc.constant({ type: 'lazy' } as const),
      fc.constantFrom(seconds(30), seconds(300)).map((every) => ({ type: 'swept', every }) as const),
    ),
    grace: fc.record({
      afterExpiry: fc.constantFrom(NO_TIME, seconds(5)),
      afterTakeover: fc.constantFrom(NO_TIME, milliseconds(1), seconds(15), seconds(90)),
    }),
    overlap: fc.constant(NO_TIME),
    requestTimeout: fc.constant(seconds(5)),
    retries: fc.constant(0),
    fence: fc.constant(null),
    stopTime: fc.constant(NO_TIME),
    clockDrift: fc.constant(0),
  }),
);

/** A step before its time is known: how long after the step before, and what happens. */
interface Draft {
  readonly pause: Duration;
  readonly actions: readonly Action[];
}

/** A Script of up to `most` steps under the policy. Only starts run concurrently, so that nothing is named that was never granted. */
export function anyScript(policy: Policy, most: number): fc.Arbitrary<Script> {
  return fc
    .array(fc.record({ pause: anyPause(policy), actions: anyActions(policy) }), { minLength: 1, maxLength: most })
    .map((drafts) => ({ title: 'random', policy, cast: CAST, surroundings: STILL, ...timed(drafts) }));
}

function timed(drafts: readonly Draft[]): Pick<Script, 'steps' | 'until'> {
  let at = 0;
  const steps = drafts.map(({ pause, actions }): Step => {
    at += pause;
    return { at: instant(at), actions, expectations: [], place: null };
  });
  return { steps, until: instant(at) };
}

function anyPause(policy: Policy): fc.Arbitrary<Duration> {
  const { timeout, heartbeat, grace, cleanUp } = policy;
  const marks = [timeout, heartbeat, grace.afterExpiry, grace.afterTakeover, 0];
  if (cleanUp.type === 'swept') marks.push(cleanUp.every);
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(NO_TIME) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(...marks), fc.constantFrom(-1, 0, 1))
        .map(([mark, offset]) => milliseconds(Math.max(0, mark + offset))),
    },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: timeout * 2 }).map(milliseconds) },
  );
}

function anyActions(policy: Policy): fc.Arbitrary<readonly Action[]> {
  const actor = fc.constantFrom(...CAST.map(({ name }) => name));
  const symbol = policy.scope === 'license' ? fc.constant('') : fc.constantFrom('ES', 'NQ');
  const scope = fc.record({ license: fc.constantFrom('L1', 'L1', 'L2', 'unsold'), symbol });
  const answer = fc.constantFrom('arrives', 'arrives', 'arrives', 'lost' as const);
  const start = fc.record({
    type: fc.constant('start' as const),
    actor,
    scope,
    how: fc.constantFrom('new', 'new', 'new', 'retry', 'take-over' as const),
    answer,
  });
  const naming = fc.record({
    type: fc.constantFrom('heartbeat', 'heartbeat', 'end' as const),
    actor,
    scope,
    of: fc.constantFrom('latest', 'latest', 'previous' as const),
    answer,
  });
  const other = fc.oneof(
    fc.record({ type: fc.constant('status' as const), actor, scope }),
    fc.constant({ type: 'sweep' } as const),
    fc.record({ type: fc.constant('crash' as const), actor }),
    fc.constant({ type: 'restart-server' } as const),
    fc.constant({ type: 'empty-store' } as const),
    fc.record({
      type: fc.constant('store-fault' as const),
      fault: fc.constantFrom('table-missing', 'writes-refused', null, null),
    }),
  );
  const one: fc.Arbitrary<Action> = fc.oneof(
    { weight: 4, arbitrary: start },
    { weight: 4, arbitrary: naming },
    { weight: 2, arbitrary: other },
  );
  return one.map((action) => [action]);
}

/** fast-check generators of Scripts for a world: everything that can happen to one, at times around the boundaries. */
import fc from 'fast-check';
import type { ClientConfig } from '../../src/core/client.ts';
import type { Policy } from '../../src/core/policy.ts';
import { seconds, type Duration, type Instant } from '../../src/core/time.ts';
import type { NetworkFault, StoreFault } from '../../src/history/history.ts';
import type { Action, Script } from '../../src/world/script.ts';
import { actor, SCOPE, scriptOf } from './script-of.ts';

const NAMES = [
  ['launcher', 'laptop'],
  ['bot', 'laptop'],
  ['rival', 'desktop'],
] as const;

const anyActor = fc.constantFrom(...NAMES.map(([name]) => name));
const anyDuration = fc
  .oneof(fc.constantFrom(0, 1, 5_000, 20_000, 40_000, 60_000), fc.integer({ min: 0, max: 70_000 }))
  .map((ms) => ms as Duration);
const anyLasts = fc.option(anyDuration);
/** As long as the policy allows, or no time. */
const anyStopTime = fc.constantFrom(0, 2_000).map((ms) => ms as Duration);

const anyNetworkFault: fc.Arbitrary<NetworkFault> = fc.oneof(
  fc.constant<NetworkFault>({ type: 'cut' }),
  anyDuration.map((by): NetworkFault => ({ type: 'slow', by })),
  anyDuration.map((after): NetworkFault => ({ type: 'repeated', after })),
);

const anyStoreFault = fc.constantFrom<StoreFault[]>('table-missing', 'writes-refused', 'outage', 'outcome-unknown');

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    type: fc.constant('user-starts' as const),
    actor: anyActor,
    scope: fc.constant(SCOPE),
    takeOver: fc.boolean(),
  }),
  fc.record({ type: fc.constant('user-stops' as const), actor: anyActor }),
  fc.record({ type: fc.constant('crash' as const), actor: anyActor }),
  fc.record({ type: fc.constant('stops-in' as const), actor: anyActor, takes: anyStopTime }),
  fc.record({ type: fc.constant('hang' as const), actor: anyActor, lasts: anyDuration }),
  fc.record({ type: fc.constant('sleep' as const), device: fc.constantFrom('laptop', 'desktop'), lasts: anyDuration }),
  fc.record({
    type: fc.constant('network' as const),
    actor: anyActor,
    messages: fc.constantFrom('requests' as const, 'answers' as const, 'both' as const),
    fault: anyNetworkFault,
    lasts: anyLasts,
  }),
  fc.record({
    type: fc.constant('set-clock' as const),
    clock: fc.constantFrom('device laptop' as const, 'server 1' as const, 'store' as const),
    by: fc.integer({ min: 0, max: 4_000_000 }),
  }),
  fc.record({
    type: fc.constant('crash-server' as const),
    server: fc.integer({ min: 1, max: 2 }),
    lasts: anyDuration,
  }),
  fc.record({ type: fc.constant('store-fails' as const), fault: anyStoreFault, lasts: anyDuration }),
  fc.record({ type: fc.constant('store-slows' as const), by: anyDuration, lasts: anyDuration }),
  fc.record({ type: fc.constant('store-lags' as const), by: anyDuration, lasts: anyDuration }),
  fc.record({ type: fc.constant('status' as const), actor: anyActor, scope: fc.constant(SCOPE) }),
  fc.constant<Action>({ type: 'sweep' }),
);

const anyClient: fc.Arbitrary<Partial<ClientConfig>> = fc.record(
  {
    pace: fc.constantFrom('fixed' as const, 'after-answer' as const),
    fenceFrom: fc.constantFrom('send' as const, 'answer' as const),
    clock: fc.constantFrom('monotonic' as const, 'wall' as const),
    onWake: fc.constantFrom('ask' as const, 'work-on' as const),
    onFailure: fc.constantFrom('keep-trying' as const, 'stop' as const),
    release: fc.constantFrom('after-work' as const, 'during-work' as const, 'never' as const),
  },
  { requiredKeys: [] },
);

/** Of at most this many steps, each with one or two actions. */
export function anyWorldScript(policy: Policy, most: number): fc.Arbitrary<Script> {
  const anyStep = fc.tuple(anyDuration, fc.array(anyAction, { minLength: 1, maxLength: 2 }));
  return fc
    .record({
      clients: fc.tuple(anyClient, anyClient, anyClient),
      steps: fc.array(anyStep, { maxLength: most }),
      latency: fc.constantFrom(0, 40, 900),
      storeLatency: fc.constantFrom(0, 10, 200),
      stopTime: anyStopTime,
      servers: fc.integer({ min: 1, max: 2 }),
      drift: fc.constantFrom(0, 200, -200),
    })
    .map(({ clients, steps, latency, storeLatency, stopTime, servers, drift }) => {
      const cast = NAMES.map(([name, device], n) => actor(name, device, policy, clients[n]));
      const script = scriptOf(
        {
          policy,
          cast,
          until: '0s',
          surroundings: {
            latency: latency as Duration,
            storeLatency: storeLatency as Duration,
            stopTime,
            servers,
            clocks: [{ clock: 'device laptop', offset: 3_600_000, drift }],
          },
        },
        [],
      );
      let now = 0;
      const timed = steps.map(([wait, actions]) => {
        now += wait;
        return { at: now as Instant, actions, expectations: [], place: null };
      });
      return { ...script, steps: timed, until: (now + seconds(90)) as Instant };
    });
}

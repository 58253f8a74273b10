/** What a scenario cannot even be compiled with. `tsc` fails where one of the marked lines has no error. */
import { expect, it } from 'vitest';
import {
  adjust,
  at,
  client,
  clock,
  device,
  every,
  expect as looks,
  granted,
  idle,
  network,
  recommended,
  refused,
  renewed,
  scenario,
  server,
  store,
  working,
  type Performer,
} from '../../src/index.ts';

const cast = { bot: device('laptop') };
const CLIENT = { laptop: client('laptop') };

/** Only compiled, never called. */
const mistakes = {
  durations: () => [
    // @ts-expect-error: no such unit
    at('36 secondz', { type: 'sweep' }),
    // @ts-expect-error: no unit
    refused('grace', { retryAfter: '20' }),
    // @ts-expect-error: a number, not a text
    renewed({ expiry: 20 }),
    // @ts-expect-error: a unit without a number
    idle({ retryAfter: 's' }),
    // @ts-expect-error: a number in words
    adjust(recommended, { timeout: 'one minute' }),
    // @ts-expect-error: no such unit
    every('20sec', { from: '0s', to: '1m' }, { type: 'sweep' }),
  ],
  names: () => [
    // @ts-expect-error: the cast has no rival
    scenario({ title: 'a', policy: recommended, cast, steps: ({ rival }) => [at('0s', rival.starts())] }),
    // @ts-expect-error: nobody can do this
    scenario({ title: 'b', policy: recommended, cast, steps: ({ bot }) => [at('0s', bot.sleeps())] }),
    // @ts-expect-error: a device is made by device()
    scenario({ title: 'c', policy: recommended, cast: { bot: 'laptop' }, steps: () => [] }),
  ],
  patterns: () => [
    // @ts-expect-error: no such reason
    refused('busy'),
    // @ts-expect-error: no such field
    granted({ device: 'laptop' }),
    // @ts-expect-error: no such value of a policy
    adjust(recommended, { sameDevice: 'ignore' }),
    // @ts-expect-error: no such policy field
    adjust(recommended, { time_out: '20s' }),
  ],
  worlds: (bot: Performer) => [
    // @ts-expect-error: a client that runs by itself sends its own heartbeats
    scenario({ title: 'd', policy: recommended, cast: CLIENT, steps: ({ laptop }) => [at('0s', laptop.heartbeats())] }),
    // @ts-expect-error: nobody says by itself whether a device that is led by hand is at work
    looks(working(bot)),
    // @ts-expect-error: an answer is no work
    looks(granted()),
    // @ts-expect-error: no such knob
    client('laptop', { fense: null }),
    // @ts-expect-error: no such value of a client
    client('laptop', { onWake: 'sleep on' }),
    // @ts-expect-error: no unit
    client('laptop', { drift: '200' }),
    // @ts-expect-error: no such clock
    clock.jumps('fridge', '1h'),
    // @ts-expect-error: a number, not a text
    clock.jumps(bot, -3_600_000),
    // @ts-expect-error: no such messages
    network.cuts(bot, { messages: 'replies' }),
    // @ts-expect-error: without an end
    store.fails('outage'),
    // @ts-expect-error: without an end
    server.crashes(),
    // @ts-expect-error: no such clock in a scenario
    scenario({ title: 'e', policy: recommended, cast, clocks: { fridge: {} }, steps: () => [] }),
  ],
};

it('wrong durations, names, patterns and worlds do not compile', () => {
  expect(Object.keys(mistakes)).toEqual(['durations', 'names', 'patterns', 'worlds']);
});

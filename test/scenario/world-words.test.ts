/** Everything that can be written wrongly of a world: what is said of it, and where. */
import { describe, expect, it } from 'vitest';
import {
  at,
  client,
  clientOf,
  clock,
  device,
  every,
  expect as looks,
  granted,
  network,
  notWorking,
  recommended,
  scenario,
  server,
  store,
  together,
  working,
  type ClientPerformer,
  type Performer,
} from '../../src/index.ts';
import { mistakesIn } from './mistakes.ts';

const { refuses } = mistakesIn(import.meta.filename);
const cast = { laptop: client('laptop'), desktop: client('desktop'), rival: device('tablet') };
const valid = { title: 'a test', policy: recommended, cast };
/** Without types, anything can be written. */
const untyped = (value: unknown): never => value as never;

describe('client() refuses', () => {
  refuses(
    'a field that it does not have',
    () =>
      // next line: a field that it does not have
      client('laptop', untyped({ fense: null })),
    `client() has no field 'fense'; the fields are offset, drift, pace, fenceFrom, clock,`,
  );
  refuses(
    'a value that no client has',
    () =>
      // next line: a value that no client has
      client('laptop', untyped({ onWake: 'sleep on' })),
    `onWake is "sleep on"; write one of 'ask', 'work-on'`,
  );
  refuses(
    'a fence at once',
    () =>
      // next line: a fence at once
      client('laptop', { fence: '0s' }),
    `fence is 0; write for example fence: '55s'`,
  );
  refuses(
    'heartbeats without a pause',
    () =>
      // next line: heartbeats without a pause
      client('laptop', { heartbeat: '0s' }),
    `heartbeat is 0; write for example heartbeat: '20s'`,
  );
  refuses(
    'half a retry',
    () =>
      // next line: half a retry
      client('laptop', { retries: 0.5 }),
    `retries is 0.5; write a whole number from 0 up, for example retries: 2`,
  );
  refuses(
    'a drift without its unit',
    () =>
      // next line: a drift without its unit
      client('laptop', { drift: untyped('200') }),
    `'200' is not a drift; write parts per million, at most 500000, for example drift: '200ppm' or '-200ppm'`,
  );
  refuses(
    'a clock that stands still',
    () =>
      // next line: a clock that stands still
      client('laptop', { drift: '-1000000ppm' }),
    `'-1000000ppm' is not a drift`,
  );
  refuses(
    'an offset that is no time',
    () =>
      // next line: an offset that is no time
      client('laptop', { offset: untyped('an hour') }),
    `'an hour' is not a duration`,
  );
});

describe('scenario() refuses', () => {
  refuses(
    'two clocks on one machine',
    () =>
      // next line: two clocks on one machine
      scenario({
        ...valid,
        cast: { laptop: client('laptop', { offset: '1h' }), bot: client('laptop', { offset: '2h' }) },
        steps: ({ laptop }) => [at('0s', laptop.starts())],
      }),
    `'laptop' has two clocks; give one of its clients the offset and the drift, for example client('laptop', { drift: '200ppm' })`,
  );
  refuses(
    'a clock that is told of twice',
    () =>
      // next line: a clock that is told of twice
      scenario({
        ...valid,
        cast: { laptop: client('laptop', { offset: '1h' }) },
        clocks: { 'device laptop': { drift: '1ppm' } },
        steps: ({ laptop }) => [at('0s', laptop.starts())],
      }),
    `'device laptop' has two clocks; leave it out of clocks, or out of its client()`,
  );
  refuses(
    'the clock of nothing',
    () =>
      // next line: the clock of nothing
      scenario({
        ...valid,
        clocks: untyped({ fridge: { offset: '1h' } }),
        steps: ({ laptop }) => [at('0s', laptop.starts())],
      }),
    `there is no clock 'fridge'; write 'store', 'server 1', or 'device laptop' with the name of a machine`,
  );
  refuses(
    'the clock of a server that there is not',
    () =>
      // next line: the clock of a server that there is not
      scenario({
        ...valid,
        clocks: { 'server 2': { offset: '1h' } },
        steps: ({ laptop }) => [at('0s', laptop.starts())],
      }),
    `there is no server 2, only 1; write for example servers: 2`,
  );
  refuses(
    'no server',
    () =>
      // next line: no server
      scenario({ ...valid, servers: 0, steps: ({ laptop }) => [at('0s', laptop.starts())] }),
    `there are 0 servers; write a whole number from 1 to 100, for example servers: 2`,
  );
  refuses(
    'a latency that is no time',
    () =>
      // next line: a latency that is no time
      scenario({ ...valid, latency: untyped('fast'), steps: ({ laptop }) => [at('0s', laptop.starts())] }),
    `'fast' is not a duration`,
  );
  refuses(
    'a design that there is not',
    () =>
      // next line: a design that there is not
      scenario({ title: 'a test', design: 's9-before', cast, steps: ({ laptop }) => [at('0s', laptop.starts())] }),
    `there is no design 's9-before'`,
  );
  refuses(
    'a policy that is none',
    () =>
      // next line: a policy that is none
      scenario(untyped({ title: 'a test', policy: null, cast, steps: () => [] })),
    `a scenario needs a policy, for example policy: recommended`,
  );
});

describe('a step refuses', () => {
  const refusesStep = (name: string, step: () => ReturnType<typeof at>, message: string): void =>
    refuses(name, () => scenario({ ...valid, steps: () => [step()] }), message);
  const people = {} as { laptop: ClientPerformer; rival: Performer };
  scenario({
    ...valid,
    steps: ({ laptop, rival }) => {
      Object.assign(people, { laptop, rival });
      return [at('0s', laptop.starts())];
    },
  });

  refusesStep(
    'several things at once',
    () =>
      // next line: several things at once
      at('0s', together(people.laptop.starts(), people.laptop.stops())),
    `simulated time plays one request after the other; write one step for each request instead of together(), or play concurrent requests with seatproof race --design FILE --calls start,start`,
  );
  refusesStep(
    'a fault of the store without an end',
    () =>
      // next line: a fault of the store without an end
      at('0s', store.losesTable()),
    `a fault of the store has an end in a world; write for example store.fails('outage', { for: '30s' })`,
  );
  refusesStep(
    'a table that is made anew',
    () =>
      // next line: a table that is made anew
      at('0s', store.remakesTable()),
    `a table is not made anew in a world; lead the cast by hand`,
  );
  refusesStep(
    'an answer that is lost by itself',
    () =>
      // next line: an answer that is lost by itself
      at('0s', people.rival.starts({ answer: 'lost' })),
    `in a world it is the network that loses answers; write for example network.cuts(bot, { messages: 'answers', for: '1s' })`,
  );
  refusesStep(
    'to lead a client by hand',
    () =>
      // next line: to lead a client by hand
      at('0s', {
        ...people.rival.heartbeats(),
        actor: 'laptop',
      } as never),
    `'laptop' has a client that runs by itself; to lead it by hand write cast: { laptop: device('laptop') }`,
  );
  refusesStep(
    'to let somebody hang who is led by hand',
    () =>
      // next line: to let somebody hang who is led by hand
      at('0s', { ...people.laptop.hangs('1s'), actor: 'rival' } as never),
    `'rival' has no client that runs by itself; write cast: { rival: client('tablet') }`,
  );
  refusesStep(
    'a server that there is not',
    () =>
      // next line: a server that there is not
      at('0s', server.crashes({ for: '1s', server: 3 })),
    `there is no server 3, only 1; write for example servers: 3`,
  );
  refusesStep(
    'half a server',
    () =>
      // next line: half a server
      at('0s', server.crashes({ for: '1s', server: 0.5 })),
    `there is no server 0.5; write for example server.crashes({ for: '5s', server: 2 })`,
  );
  refusesStep(
    'a crash without an end',
    () =>
      // next line: a crash without an end
      at('0s', server.crashes(untyped({}))),
    `server.crashes() lasts for a time; write for example { for: '30s' }`,
  );
  refusesStep(
    'a cut for longer than a scenario can be',
    () =>
      // next line: a cut for longer than a scenario can be
      at('0s', network.cuts(people.laptop, { for: '1000h' })),
    `1000h is too long; a scenario covers at most 24 days`,
  );
  refusesStep(
    'a failure that no store has',
    () =>
      // next line: a failure that no store has
      at('0s', store.fails(untyped('fire'), { for: '1s' })),
    `the fault in store.fails() is "fire"; write one of 'outage', 'outcome-unknown', 'table-missing', 'writes-refused'`,
  );
  refusesStep(
    'a failure without an end',
    () =>
      // next line: a failure without an end
      at('0s', store.fails('outage', untyped(undefined))),
    `store.fails() lasts for a time; write for example { for: '30s' }`,
  );
  refusesStep(
    'a network fault without somebody',
    () =>
      // next line: a network fault without somebody
      at('0s', network.cuts(untyped('laptop'))),
    `network.cuts() takes an actor of the cast, for example network.cuts(laptop)`,
  );
  refusesStep(
    'messages of another kind',
    () =>
      // next line: messages of another kind
      at('0s', network.cuts(people.laptop, untyped({ messages: 'replies' }))),
    `messages is "replies"; write one of 'requests', 'answers', 'both'`,
  );
  refusesStep(
    'a network fault with a field that it does not have',
    () =>
      // next line: a network fault with a field that it does not have
      at('0s', network.slows(people.laptop, '1s', untyped({ lasts: '1s' }))),
    `network.slows() has no field 'lasts'; the fields are messages, for`,
  );
  refusesStep(
    'the clock of nobody',
    () =>
      // next line: the clock of nobody
      at('0s', clock.jumps(untyped(null), '1s')),
    `clock.jumps() takes a client of the cast or the name of a clock`,
  );
  refusesStep(
    'the clock of a machine that is not in the cast',
    () =>
      // next line: the clock of a machine that is not in the cast
      at('0s', clock.jumps('device fridge', '1s')),
    `no device of the cast is called 'fridge' (laptop, desktop, tablet)`,
  );
  refusesStep(
    'to look at nothing',
    () =>
      // next line: to look at nothing
      at('0s', looks()),
    `expect() takes who is at work and who is not, for example expect(working(laptop))`,
  );
  refusesStep(
    'to look for an answer where nothing is asked',
    () =>
      // next line: to look for an answer where nothing is asked
      at('0s', looks(untyped(granted()))),
    `expect() takes who is at work and who is not, for example expect(working(laptop))`,
  );
  refusesStep(
    'to look for work of somebody who is led by hand',
    () =>
      // next line: to look for work of somebody who is led by hand
      at('0s', looks(working(untyped(people.rival)))),
    `working() takes a client of the cast; write for example cast: { laptop: client('laptop') } and working(laptop)`,
  );
});

describe('the words of worlds', () => {
  it('are plain data', () => {
    const { script } = scenario({
      ...valid,
      cast: { ...cast, laptop: client('laptop', { fence: null, drift: '-50.5ppm', offset: '-1h' }) },
      latency: '40ms',
      storeLatency: '5ms',
      stopTime: '2s',
      servers: 2,
      clocks: { store: { drift: '10ppm' }, 'server 2': { offset: '1m' } },
      steps: ({ laptop, rival }) => [
        at('0s', laptop.starts(), notWorking(laptop)),
        at('1s', laptop.takesOver({ license: 'L2' })),
        at('2s', laptop.stopsIn('1s')),
        at('2s', laptop.hangs('10s')),
        at('2s', laptop.sleeps('2m')),
        at('3s', network.cuts(rival, { messages: 'requests' })),
        at('3s', network.slows(laptop, '1s', { for: '5s' })),
        at('3s', network.repeats(laptop, '2s')),
        at('4s', clock.jumps(rival, '-1h')),
        at('4s', clock.jumps('store', '1s')),
        at('5s', server.crashes({ for: '0s' })),
        at('5s', store.fails('outage', { for: '1s' })),
        at('5s', store.slows('1s', { for: '2s' })),
        at('5s', store.lags('3s', { for: '4s' })),
        every('10s', { from: '10s', to: '20s' }, looks(working(laptop))),
        at('30s', laptop.stops()),
        at('30s', laptop.crashes()),
      ],
    });
    expect(script.surroundings).toEqual({
      latency: 40,
      storeLatency: 5,
      stopTime: 2_000,
      servers: 2,
      clocks: [
        { clock: 'device laptop', offset: -3_600_000, drift: -50.5 },
        { clock: 'store', offset: 0, drift: 10 },
        { clock: 'server 2', offset: 60_000, drift: 0 },
      ],
    });
    expect(script.cast.map((actor) => actor.client)).toEqual([
      { ...clientOf(recommended), fence: null },
      clientOf(recommended),
      null,
    ]);
    const scope = { license: 'L1', symbol: '' };
    expect(script.steps.flatMap(({ actions, expectations }) => [...actions, ...expectations])).toEqual([
      { type: 'user-starts', actor: 'laptop', scope, takeOver: false },
      { type: 'works', actor: 'laptop', does: false },
      { type: 'user-starts', actor: 'laptop', scope: { license: 'L2', symbol: '' }, takeOver: true },
      { type: 'stops-in', actor: 'laptop', takes: 1_000 },
      { type: 'hang', actor: 'laptop', lasts: 10_000 },
      { type: 'sleep', device: 'laptop', lasts: 120_000 },
      { type: 'network', actor: 'rival', messages: 'requests', fault: { type: 'cut' }, lasts: null },
      { type: 'network', actor: 'laptop', messages: 'both', fault: { type: 'slow', by: 1_000 }, lasts: 5_000 },
      { type: 'network', actor: 'laptop', messages: 'both', fault: { type: 'repeated', after: 2_000 }, lasts: null },
      { type: 'set-clock', clock: 'device tablet', by: -3_600_000 },
      { type: 'set-clock', clock: 'store', by: 1_000 },
      { type: 'crash-server', server: 1, lasts: 0 },
      { type: 'store-fails', fault: 'outage', lasts: 1_000 },
      { type: 'store-slows', by: 1_000, lasts: 2_000 },
      { type: 'store-lags', by: 3_000, lasts: 4_000 },
      { type: 'works', actor: 'laptop', does: true },
      { type: 'works', actor: 'laptop', does: true },
      { type: 'user-stops', actor: 'laptop' },
      { type: 'crash', actor: 'laptop' },
    ]);
    expect(JSON.parse(JSON.stringify(script))).toEqual(script);
  });
});

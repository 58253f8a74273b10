/** Networks and stores that are slow, and messages that come twice. */
import {
  at,
  client,
  ended,
  expect,
  granted,
  network,
  notWorking,
  recommended,
  scenario,
  store,
  working,
} from 'seatproof';

const world = { latency: '40ms', storeLatency: '5ms', stopTime: '2s' } as const;
const cast = { laptop: client('laptop'), desktop: client('desktop') };

export default [
  scenario({
    title: 'a slow answer moves the fence only as far as its request was young',
    about: 'Sent at 20 s and answered at 24 s, then cut off: it stops at 75 s, not at 79 s.',
    proves: ['P1', 'P2'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('10s', network.slows(laptop, '4s', { messages: 'answers', for: '15s' })),
      at('26s', network.cuts(laptop)),
      at('74.999s', expect(working(laptop))),
      at('77s', expect(notWorking(laptop))),
      at('80.5s', desktop.starts(), granted()),
    ],
    until: '2m',
  }),
  scenario({
    title: 'a fence that counts from the answer comes too late by the time that the answer took',
    about: 'The request waited 4 s for its answer, and the work goes on 4 s into the session of the next one.',
    proves: ['P1'],
    breaks: ['P2'],
    policy: recommended,
    ...world,
    cast: { laptop: client('laptop', { fenceFrom: 'answer' }), desktop: client('desktop') },
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('10s', network.slows(laptop, '4s', { messages: 'answers', for: '15s' })),
      at('26s', network.cuts(laptop)),
      at('80.01s', desktop.starts(), granted()),
      at('80.2s', expect(working(laptop), working(desktop))),
    ],
    until: '2m',
  }),
  scenario({
    title: 'a store that is slow for a while costs nobody the session',
    about: 'Answers take 3 s, which is less than the 5 s that a client waits.',
    proves: ['P5', 'P6'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop }) => [
      at('0s', laptop.starts(), granted()),
      at('10s', store.slows('3s', { for: '1m' })),
      at('90s', expect(working(laptop))),
    ],
    until: '2m',
  }),
  scenario({
    title: 'a start, heartbeats and an end that come twice do what each does once',
    about: 'The second copy comes ten seconds after the first, when its session may be over.',
    proves: ['P1', 'P2', 'P4', 'P16'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', network.repeats(laptop, '10s')),
      at('0s', laptop.starts()),
      at('25s', laptop.stops()),
      at('28s', desktop.starts(), granted({ term: 2 })),
      at('45s', expect(working(desktop), notWorking(laptop))),
      at('50s', desktop.stops(), ended()),
    ],
    until: '1m',
  }),
];

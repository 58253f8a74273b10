/** Devices that are cut off from the server, one way or both. */
import { at, client, expect, granted, network, notWorking, recommended, refused, scenario, working } from 'seatproof';

const world = { latency: '40ms', stopTime: '2s' } as const;
const cast = { laptop: client('laptop'), desktop: client('desktop') };

export default [
  scenario({
    title: 'a client that is cut off stops before the other device is let in',
    about:
      'Its fence counts from the last heartbeat that was acknowledged: sent at 20 s, so it begins to stop at 75 s.',
    proves: ['P1', 'P2'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('25s', network.cuts(laptop, { for: '2m' })),
      at('74.999s', expect(working(laptop))),
      at('77s', expect(notWorking(laptop))),
      at('80s', desktop.starts(), granted({ term: 2 })),
      at('81s', expect(working(desktop), notWorking(laptop))),
    ],
    until: '5m',
  }),
  scenario({
    title: 'a client without a fence works on while it is cut off, beside the next one',
    about: 'What the clients of all four notes do. The server has let go, and has no way to say so.',
    proves: ['P1'],
    breaks: ['P2'],
    policy: recommended,
    ...world,
    cast: { laptop: client('laptop', { fence: null }), desktop: client('desktop') },
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('25s', network.cuts(laptop, { for: '2m' })),
      at('80s', desktop.starts(), granted({ term: 2 })),
      at('100s', expect(working(laptop), working(desktop))),
    ],
    until: '100s',
  }),
  scenario({
    title: 'a client whose answers are lost stops as well, although the server hears it',
    about: 'It cannot know that it was heard. The server keeps its seat, because it was.',
    proves: ['P1', 'P5'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('25s', network.cuts(laptop, { messages: 'answers', for: '2m' })),
      at('77s', expect(notWorking(laptop))),
      at('80s', desktop.starts(), refused('other-device', { holder: 'laptop' })),
      // The first answer after the cut is over renews the session.
      at('150s', expect(working(laptop), notWorking(desktop))),
    ],
    until: '3m',
  }),
  scenario({
    title: 'a cut that is over before the fence is noticed by nobody',
    about: 'A heartbeat every 20 s and a fence of 55 s: two heartbeats in a row may be lost.',
    proves: ['P5', 'P23'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('15s', network.cuts(laptop, { for: '30s' })),
      at('50s', expect(working(laptop))),
      at('80s', desktop.starts(), refused('other-device')),
      at('2m', expect(working(laptop))),
    ],
  }),
  scenario({
    title: 'a client that hears after a cut that its session is gone does not work again',
    about: 'Meanwhile the license went to the other device, which keeps it.',
    proves: ['P1', 'P2', 'P4'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('25s', network.cuts(laptop, { for: '1m' })),
      at('80.5s', desktop.starts(), granted()),
      at('2m', expect(notWorking(laptop), working(desktop))),
      at('2m', laptop.starts(), refused('other-device', { holder: 'desktop' })),
    ],
    until: '3m',
  }),
];

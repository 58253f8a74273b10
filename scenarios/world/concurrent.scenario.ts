/** Two devices that want the license at once, or one after the other. */
import { at, client, expect, granted, network, notWorking, recommended, refused, scenario, working } from 'seatproof';

const world = { latency: '40ms', stopTime: '2s' } as const;
const cast = { laptop: client('laptop'), desktop: client('desktop') };

export default [
  scenario({
    title: 'of two clients that start at the same moment one works',
    about: 'Both requests are under way at once, and the store takes one after the other.',
    proves: ['P1', 'P9'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('0s', desktop.starts(), refused('other-device', { holder: 'laptop' })),
      at('1s', expect(working(laptop), notWorking(desktop))),
    ],
    until: '2m',
  }),
  scenario({
    title: 'a client whose session is taken over learns of it, comes to rest, and only then the other one works',
    about: 'The grace after a takeover ends early because the victim says that it has stopped.',
    proves: ['P1', 'P2', 'P4', 'P9', 'P10'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('10s', desktop.starts(), refused('other-device')),
      at('15s', desktop.takesOver(), refused('grace', { replaced: 'laptop' })),
      at('19s', expect(working(laptop), notWorking(desktop))),
      // It is told so by its heartbeat of 20 s, and takes two seconds to stop.
      at('22s', expect(working(laptop))),
      at('22.1s', expect(notWorking(laptop))),
      at('23s', desktop.starts(), granted({ term: 2 })),
      at('24s', expect(working(desktop))),
    ],
    until: '2m',
  }),
  scenario({
    title: 'a takeover from a client that cannot be reached waits until that has surely stopped',
    about: 'The victim never hears of the takeover. Its own fence stops it before its session would have expired.',
    proves: ['P1', 'P2', 'P10'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('10s', desktop.starts(), refused('other-device')),
      at('12s', network.cuts(laptop)),
      at('15s', desktop.takesOver(), refused('grace', { replaced: 'laptop', retryAfter: '45s' })),
      at('54.999s', expect(working(laptop))),
      at('57s', expect(notWorking(laptop))),
      at('60s', desktop.starts(), granted({ term: 2 })),
      at('61s', expect(working(desktop))),
    ],
    until: '2m',
  }),
];

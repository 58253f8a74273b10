/** Processes that die, and what becomes of their license. */
import { at, client, expect, granted, notWorking, recommended, refused, scenario, working } from 'seatproof';

const world = { latency: '40ms', stopTime: '2s' } as const;

export default [
  scenario({
    title: 'a client that crashes keeps the other device out until the timeout, and not longer',
    about: 'Nobody can tell a crash from silence, so the wait is the price of never working twice.',
    proves: ['P1', 'P2', 'P11', 'P12', 'P14'],
    policy: recommended,
    ...world,
    cast: { laptop: client('laptop'), desktop: client('desktop') },
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted({ term: 1 })),
      at('1s', expect(working(laptop))),
      // The last heartbeat reached the server at 20.04 s.
      at('25s', laptop.crashes(), notWorking(laptop)),
      at('79.9s', desktop.starts(), refused('other-device', { retryAfter: '100ms' })),
      at('80s', desktop.starts(), granted({ term: 2 })),
      at('81s', expect(working(desktop), notWorking(laptop))),
    ],
  }),
  scenario({
    title: 'a client that crashes and is started again on its own device works at once',
    about: 'The new session replaces the dead one, whose process can no longer say anything.',
    proves: ['P1', 'P13'],
    policy: recommended,
    ...world,
    cast: { laptop: client('laptop') },
    steps: ({ laptop }) => [
      at('0s', laptop.starts(), granted({ term: 1 })),
      at('25s', laptop.crashes()),
      at('26s', laptop.starts(), granted({ term: 2, replaced: 'laptop' })),
      at('27s', expect(working(laptop))),
    ],
    until: '2m',
  }),
];

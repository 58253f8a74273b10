/** Processes that die, and what becomes of their license. */
import { at, client, expect, granted, notWorking, recommended, refused, scenario, working } from 'seatproof';

export default [
  scenario({
    title: 'a process that crashes keeps the other device out until the timeout, and not longer',
    about: 'Nobody can tell a crash from silence, so the wait is the price of never working twice.',
    proves: ['P1'],
    policy: recommended,
    latency: '40ms',
    stopTime: '2s',
    cast: { laptop: client('laptop'), desktop: client('desktop') },
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted({ term: 1 })),
      at('1s', expect(working(laptop))),
      at('25s', laptop.crashes(), notWorking(laptop)),
      // The heartbeat of 20 s reached the store at 20.04 s.
      at('79.9s', desktop.starts(), refused('other-device', { retryAfter: '100ms' })),
      at('80s', desktop.starts(), granted({ term: 2 })),
      at('81s', expect(working(desktop), notWorking(laptop))),
    ],
  }),
];

/** Processes that stand still and do not know: a stopped thread, a long pause of a garbage collector, a debugger. */
import { at, client, expect, granted, notWorking, recommended, scenario, working } from 'seatproof';

const world = { latency: '40ms', stopTime: '2s' } as const;

export default [
  scenario({
    title: 'a client that hung for too long stops by its fence before it does anything else',
    about: 'What it was about to write when it hung it still writes; a resource that checks terms refuses that.',
    proves: ['P1', 'P2', 'P3'],
    policy: recommended,
    ...world,
    cast: { laptop: client('laptop'), desktop: client('desktop') },
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('21s', laptop.hangs('90s')),
      at('81s', desktop.starts(), granted({ term: 2 })),
      at('82s', expect(working(desktop), notWorking(laptop))),
      at('111s', expect(notWorking(laptop))),
      at('2m', expect(working(desktop), notWorking(laptop))),
    ],
  }),
  scenario({
    title: 'a client that hung for a moment goes on, and sends the heartbeat that it missed',
    about: 'Forty seconds are less than the fence.',
    proves: ['P5'],
    policy: recommended,
    ...world,
    cast: { laptop: client('laptop') },
    steps: ({ laptop }) => [
      at('0s', laptop.starts(), granted()),
      at('10s', laptop.hangs('40s')),
      at('49s', expect(notWorking(laptop))),
      at('50s', expect(working(laptop))),
    ],
    until: '2m',
  }),
];

/** Clocks that run fast or slow, are off, or are set. */
import { at, client, clock, expect, granted, network, notWorking, recommended, scenario, working } from 'seatproof';

const world = { latency: '40ms', stopTime: '2s' } as const;

export default [
  scenario({
    title: 'clocks that drift as far as the policy allows leave room between two devices at work',
    about: 'The laptop is slow and the store fast, by 200 parts in a million: the fence comes late, the expiry early.',
    proves: ['P1', 'P2', 'P18'],
    policy: recommended,
    ...world,
    clocks: { store: { drift: '200ppm' } },
    cast: { laptop: client('laptop', { drift: '-200ppm' }), desktop: client('desktop') },
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('25s', network.cuts(laptop)),
      at('77.1s', expect(notWorking(laptop))),
      at('80.1s', desktop.starts(), granted()),
      at('81s', expect(working(desktop))),
    ],
    until: '2m',
  }),
  scenario({
    title: 'a wall clock that is an hour off and is set back and forth changes nothing',
    about: 'Neither side reads it: the client goes by a clock that only runs, the server by that of its store.',
    proves: ['P1', 'P2', 'P18'],
    policy: recommended,
    ...world,
    cast: { laptop: client('laptop', { offset: '-1h' }), desktop: client('desktop') },
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('10s', clock.jumps(laptop, '2h')),
      at('25s', network.cuts(laptop)),
      at('50s', clock.jumps(laptop, '-2h')),
      at('77s', expect(notWorking(laptop))),
      at('80s', desktop.starts(), granted()),
      at('90s', expect(working(desktop), notWorking(laptop))),
    ],
  }),
  scenario({
    title: 'a client that goes by the wall clock misses its fence when that is set back',
    about: 'Daylight saving, or a user who plays with the clock.',
    proves: ['P1'],
    breaks: ['P2', 'P18'],
    policy: recommended,
    ...world,
    cast: { laptop: client('laptop', { clock: 'wall', offset: '2h' }), desktop: client('desktop') },
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('25s', network.cuts(laptop)),
      at('30s', clock.jumps(laptop, '-1h')),
      at('80s', desktop.starts(), granted()),
      at('90s', expect(working(laptop), working(desktop))),
    ],
  }),
];

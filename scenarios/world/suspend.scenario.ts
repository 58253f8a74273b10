/** Machines that sleep: their monotonic clocks stand still, and nobody's time-out comes. */
import { at, client, expect, granted, notWorking, recommended, scenario, working } from 'seatproof';

const world = { latency: '40ms', stopTime: '2s' } as const;
const cast = { laptop: client('laptop'), desktop: client('desktop') };

export default [
  scenario({
    title: 'a laptop that wakes asks before it works, and finds that the license has gone to another',
    about: 'No clock of its own has counted the sleep, so its fence has not come.',
    proves: ['P1', 'P2', 'P4'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('40.5s', laptop.sleeps('2m')),
      at('41s', expect(notWorking(laptop))),
      at('101s', desktop.starts(), granted({ term: 2 })),
      at('102s', expect(working(desktop))),
      at('160.5s', expect(notWorking(laptop))),
      at('165s', expect(notWorking(laptop), working(desktop))),
    ],
    until: '4m',
  }),
  scenario({
    title: 'a laptop that works on when it wakes works beside the next one',
    about: 'Seen in many clients with timers: the timer that should have stopped it stood still with the machine.',
    proves: ['P1'],
    breaks: ['P2'],
    policy: recommended,
    ...world,
    cast: { laptop: client('laptop', { onWake: 'work-on' }), desktop: client('desktop') },
    steps: ({ laptop, desktop }) => [
      at('0s', laptop.starts(), granted()),
      at('41s', laptop.sleeps('2m')),
      at('101s', desktop.starts(), granted({ term: 2 })),
      at('162s', expect(working(laptop), working(desktop))),
    ],
  }),
  scenario({
    title: 'a laptop that slept for less than the timeout works again as soon as the server has answered',
    about: 'One round trip, and the work goes on.',
    proves: ['P5'],
    policy: recommended,
    ...world,
    cast,
    steps: ({ laptop }) => [
      at('0s', laptop.starts(), granted()),
      at('41s', laptop.sleeps('30s')),
      at('71s', expect(notWorking(laptop))),
      at('71.08s', expect(working(laptop))),
    ],
    until: '3m',
  }),
  scenario({
    title: 'a launcher and a bot on one laptop sleep and wake together',
    about: 'Both ask; the license is still theirs, each has one of its own.',
    proves: ['P1'],
    policy: recommended,
    ...world,
    cast: { launcher: client('laptop'), bot: client('laptop') },
    steps: ({ launcher, bot }) => [
      at('0s', launcher.starts({ license: 'launcher' }), granted()),
      at('0s', bot.starts({ license: 'bot' }), granted()),
      at('10s', bot.sleeps('30s')),
      at('20s', expect(notWorking(launcher), notWorking(bot))),
      at('41s', expect(working(launcher), working(bot))),
    ],
  }),
];

/** Several processes on one device: a launcher and its bot. */
import { at, client, ended, expect, granted, notWorking, recommended, refused, s0, scenario, working } from 'seatproof';

const world = { latency: '40ms', stopTime: '2s' } as const;

export default [
  scenario({
    title: 'a second process on one device takes the license from the first, which stops at its next heartbeat',
    about: 'Under reconnect the later start wins; the law is about devices, and this is one.',
    proves: ['P1', 'P4'],
    policy: recommended,
    ...world,
    cast: { launcher: client('laptop'), bot: client('laptop') },
    steps: ({ launcher, bot }) => [
      at('0s', launcher.starts(), granted({ term: 1 })),
      at('5s', bot.starts(), granted({ term: 2, replaced: 'laptop' })),
      at('23s', expect(notWorking(launcher), working(bot))),
    ],
    until: '2m',
  }),
  scenario({
    title: 'a launcher that is closed ends the session that its bot shares, and the bot learns of it',
    about: 'Note S0 lets both share one session. The bot works on until its next heartbeat.',
    proves: ['P1'],
    policy: s0,
    ...world,
    stopTime: '0s',
    cast: { launcher: client('laptop'), bot: client('laptop') },
    steps: ({ launcher, bot }) => [
      at('0s', launcher.starts(), granted({ sameSession: false })),
      at('5s', bot.starts(), granted({ sameSession: true })),
      at('10s', launcher.stops(), ended()),
      at('34s', expect(notWorking(launcher), working(bot))),
      at('36s', expect(notWorking(bot))),
    ],
  }),
  scenario({
    title:
      'a bot that is stopped right after it took the license from its launcher keeps it closed until that has stopped',
    about:
      'The launcher works on until its next heartbeat. If the end of the bot freed the seat at once, two devices would work.',
    proves: ['P1', 'P2', 'P15'],
    policy: recommended,
    ...world,
    cast: { launcher: client('laptop'), bot: client('laptop'), desktop: client('desktop') },
    steps: ({ launcher, bot, desktop }) => [
      at('0s', launcher.starts(), granted({ term: 1 })),
      at('5s', bot.starts(), granted({ term: 2, replaced: 'laptop' })),
      at('6s', bot.stops(), ended()),
      at('10s', desktop.starts(), refused('grace', { retryAfter: '50s' })),
      at('15s', expect(working(launcher), notWorking(bot))),
      at('60s', expect(notWorking(launcher))),
      at('60.001s', desktop.starts(), granted({ term: 3 })),
    ],
    until: '90s',
  }),
];

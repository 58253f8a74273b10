/** Several processes on one device: a launcher and its bot. */
import { at, client, ended, expect, granted, notWorking, recommended, s0, scenario, working } from 'seatproof';

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
    title: 'a bot that is stopped right after it took the license from its launcher lets another device in too early',
    about:
      'Found by a campaign. A takeover on one device has no grace, and the end of the bot frees the seat, although the launcher works on until its next heartbeat.',
    proves: ['P1'],
    breaks: ['P2'],
    policy: recommended,
    ...world,
    cast: { launcher: client('laptop'), bot: client('laptop'), desktop: client('desktop') },
    steps: ({ launcher, bot, desktop }) => [
      at('0s', launcher.starts(), granted({ term: 1 })),
      at('5s', bot.starts(), granted({ term: 2, replaced: 'laptop' })),
      at('6s', bot.stops(), ended()),
      at('10s', desktop.starts(), granted({ term: 3 })),
      at('15s', expect(working(launcher), notWorking(bot), working(desktop))),
      at('23s', expect(notWorking(launcher), working(desktop))),
    ],
  }),
];

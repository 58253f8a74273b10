/** The user's own device comes back: after a crash, after an expiry, and beside a process that still runs. */
import { at, device, gone, granted, recommended, refused, renewed, scenario } from 'seatproof';

export default [
  scenario({
    title: 'after a crash the same device gets in at once with a new term',
    about: 'The wait is for others; the device that died is the one that knows.',
    proves: ['P1', 'P13'],
    policy: recommended,
    cast: { bot: device('laptop') },
    steps: ({ bot }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('20s', bot.heartbeats(), renewed()),
      at('21s', bot.crashes()),
      at('22s', bot.starts(), granted({ term: 2, replaced: 'laptop', sameSession: false })),
    ],
  }),
  scenario({
    title: 'a second process on one device replaces the first, which learns it from its next heartbeat',
    about: 'Unlike two processes that share a session, neither can end the other without a trace.',
    proves: ['P1', 'P4', 'P9'],
    policy: recommended,
    cast: { first: device('laptop'), second: device('laptop') },
    steps: ({ first, second }) => [
      at('0s', first.starts(), granted({ term: 1 })),
      at('5s', second.starts(), granted({ term: 2, replaced: 'laptop' })),
      at('20s', first.heartbeats(), gone('replaced', { by: 'laptop' })),
      at('21s', first.ends(), gone('replaced')),
      at('25s', second.heartbeats(), renewed()),
    ],
  }),
  scenario({
    title: 'a client that was silent for too long finds its session expired and reconnects with a new one',
    about: 'Expired is expired, also when nobody has taken the license.',
    proves: ['P1', 'P13'],
    policy: recommended,
    cast: { bot: device('laptop') },
    steps: ({ bot }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('90s', bot.heartbeats(), gone('expired', { by: null })),
      at('91s', bot.starts(), granted({ term: 2, replaced: null })),
      at('111s', bot.heartbeats(), renewed()),
    ],
  }),
  scenario({
    title: 'a client that was silent for too long is refused when another device has the license by then',
    about: 'The two outcomes of one silence differ by who came, and both are told plainly.',
    proves: ['P1', 'P4', 'P12'],
    policy: recommended,
    cast: { bot: device('laptop'), rival: device('desktop') },
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('60s', rival.starts(), granted({ term: 2, replaced: null })),
      at('90s', bot.heartbeats(), gone('expired', { by: 'desktop' })),
      at('91s', bot.starts(), refused('other-device', { holder: 'desktop', retryAfter: '29s' })),
    ],
  }),
];

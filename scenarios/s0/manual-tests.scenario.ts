/** The four tests that note S0 asks people to do by hand. */
import { at, device, ended, every, granted, idle, refused, renewed, s0, scenario } from 'seatproof';

export default [
  scenario({
    title: 'a relaunch right after a clean shutdown works at once',
    about: 'Note S0, manual test 1.',
    proves: ['P7', 'P13', 'P15'],
    policy: s0,
    cast: { bot: device('laptop'), status: device('phone') },
    steps: ({ bot, status }) => [
      at('0s', bot.starts(), granted()),
      at('60s', bot.ends(), ended()),
      at('60s', status.asksStatus(), idle({ retryAfter: '0s' })),
      at('60s', bot.starts(), granted({ term: 2 })),
    ],
  }),
  scenario({
    title: 'a clean shutdown frees the license for another device at once too',
    about: 'Beside manual test 1 of note S0: a release clears the record, so nobody waits.',
    proves: ['P15', 'P16'],
    policy: s0,
    cast: { bot: device('laptop'), other: device('desktop') },
    steps: ({ bot, other }) => [
      at('0s', bot.starts(), granted()),
      at('59s', other.starts(), refused('other-device', { retryAfter: '61.001s' })),
      at('60s', bot.ends(), ended()),
      at('60.001s', other.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
  scenario({
    title: 'a bot that was killed is relaunched on its device at once, not after two minutes',
    about: 'Note S0, manual test 2, which allows either.',
    proves: ['P13'],
    policy: s0,
    cast: { bot: device('laptop') },
    steps: ({ bot }) => [
      at('0s', bot.starts(), granted()),
      at('30s', bot.heartbeats(), renewed()),
      at('31s', bot.crashes()),
      at('31s', bot.starts(), granted()),
    ],
  }),
  scenario({
    title: 'two launchers on one machine share one session',
    about: 'Note S0, manual test 3.',
    proves: ['P1', 'P7'],
    policy: s0,
    cast: { first: device('laptop'), second: device('laptop') },
    steps: ({ first, second }) => [
      at('0s', first.starts(), granted({ term: 1, sameSession: false })),
      at('10s', second.starts(), granted({ term: 1, sameSession: true })),
      at('40s', first.heartbeats(), renewed({ expiry: '160.001s' })),
      at('70s', second.heartbeats(), renewed({ expiry: '190.001s' })),
    ],
  }),
  scenario({
    title: 'of two devices with one key the second is blocked, however often it asks',
    about: 'Note S0, manual test 4.',
    proves: ['P1', 'P12'],
    policy: s0,
    cast: { first: device('laptop'), second: device('desktop') },
    steps: ({ first, second }) => [
      at('0s', first.starts(), granted()),
      every('30s', { from: '30s', to: '240s' }, first.heartbeats(), renewed()),
      every('7s', { from: '7s', to: '240s' }, second.starts(), refused('other-device', { holder: 'laptop' })),
    ],
  }),
];

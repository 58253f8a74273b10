/** What note S0 promises after a crash, "no wait", beside what really happens. */
import { at, device, granted, refused, renewed, s0, scenario } from 'seatproof';

export default [
  scenario({
    title: 'a relaunch at once after a crash joins the session of the dead process: nothing stale was there to clear',
    about:
      'Note S0, flow 2 credits the clearing at login. A session seconds old is not stale; the device is what counts.',
    proves: ['P13'],
    policy: s0,
    cast: { bot: device('laptop') },
    steps: ({ bot }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('30s', bot.heartbeats(), renewed()),
      at('35s', bot.crashes()),
      at('40s', bot.starts(), granted({ term: 1, sameSession: true })),
    ],
  }),
  scenario({
    title: 'clearing at login gives the crashed device a new session only when more than 120 s have passed',
    about: 'Note S0, flow 2 says "immediately" and "last heartbeat more than 2 minutes ago" of one relaunch.',
    proves: ['P12', 'P13'],
    policy: s0,
    cast: { bot: device('laptop') },
    steps: ({ bot }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('30s', bot.heartbeats(), renewed()),
      at('35s', bot.crashes()),
      at('150.001s', bot.starts(), granted({ term: 2, sameSession: false, replaced: null })),
    ],
  }),
  scenario({
    title: 'after a crash a user who goes on at another device still waits up to two minutes',
    about: 'Note S0 lists "no more 2-minute wait after crashes" as a benefit.',
    proves: ['P1', 'P12', 'P14', 'P15'],
    policy: s0,
    cast: { bot: device('laptop'), other: device('desktop') },
    steps: ({ bot, other }) => [
      at('0s', bot.starts(), granted()),
      at('30s', bot.heartbeats(), renewed()),
      at('31s', bot.crashes()),
      at('32s', other.starts(), refused('other-device', { retryAfter: '118.001s' })),
      at('150s', other.starts(), refused('other-device', { retryAfter: '1ms' })),
      at('150.001s', other.starts(), granted({ replaced: null })),
    ],
  }),
  scenario({
    title: 'a launcher with its process id in the fingerprint is locked out by its own crash for two minutes',
    about: 'Note S0, the state before its fix: each launch looks like another device.',
    proves: ['P1', 'P12'],
    policy: s0,
    cast: { launcher: device('laptop, process 4711'), relaunched: device('laptop, process 4712') },
    steps: ({ launcher, relaunched }) => [
      at('0s', launcher.starts(), granted()),
      at('5s', launcher.crashes()),
      at('6s', relaunched.starts(), refused('other-device', { retryAfter: '114.001s' })),
      at('120.001s', relaunched.starts(), granted({ replaced: null })),
    ],
  }),
  scenario({
    title: 'a launcher with its process id in the fingerprint keeps out the bot that it launches',
    about: 'Note S0, the state before its fix: launcher and bot look like two devices.',
    proves: ['P1', 'P12'],
    policy: s0,
    cast: { launcher: device('laptop, process 4711'), bot: device('laptop') },
    steps: ({ launcher, bot }) => [
      at('0s', launcher.starts(), granted()),
      at('2s', bot.starts(), refused('other-device', { holder: 'laptop, process 4711', retryAfter: '118.001s' })),
    ],
  }),
];

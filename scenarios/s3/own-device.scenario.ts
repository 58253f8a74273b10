/** Strict blocking also hits the user's own device: note S3 calls it security, the user who crashed calls it a lock-out. */
import { at, device, ended, granted, refused, renewed, s3, scenario } from 'seatproof';

export default [
  scenario({
    title: 'S3: after a crash the user is locked out of their own device until the timeout',
    about: 'Note S3 has no exception for the same device. The dead session is the one that blocks.',
    proves: ['P1', 'P12'],
    breaks: ['P13'],
    policy: s3,
    cast: { bot: device('laptop') },
    steps: ({ bot }) => [
      at('0s', bot.starts(), granted()),
      at('20s', bot.heartbeats(), renewed()),
      at('21s', bot.crashes()),
      at('22s', bot.starts(), refused('same-device', { holder: 'laptop', retryAfter: '38s' })),
      at('59.999s', bot.starts(), refused('same-device', { retryAfter: '1ms' })),
      at('60s', bot.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
  scenario({
    title: 'S3: a launcher keeps out the bot that it launches on the same device, unless it ends its session first',
    about: 'Note S3 with the launcher and the bot of note S0, whose server it is: they no longer share a session.',
    proves: ['P1', 'P16'],
    breaks: ['P13'],
    policy: s3,
    cast: { launcher: device('laptop'), bot: device('laptop') },
    steps: ({ launcher, bot }) => [
      at('0s', launcher.starts(), granted({ term: 1 })),
      at('2s', bot.starts(), refused('same-device', { retryAfter: '38s' })),
      at('3s', launcher.ends(), ended()),
      at('4s', bot.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
];

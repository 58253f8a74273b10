/** The five integration cases of note S3. */
import { at, device, ended, granted, idle, refused, s3, scenario } from 'seatproof';

const cast = { bot: device('laptop'), rival: device('desktop') };

export default [
  scenario({
    title: 'S3: a fresh login is granted, as there is no session',
    about: 'Note S3, integration case 1.',
    proves: ['P1', 'P7'],
    policy: s3,
    cast,
    steps: ({ bot }) => [
      at('0s', bot.asksStatus(), idle({ retryAfter: '0s' })),
      at('0s', bot.starts(), granted({ term: 1, replaced: null })),
    ],
  }),
  scenario({
    title: 'S3: a login 45 s after the last heartbeat of a crashed bot is granted',
    about: 'Note S3, integration case 2, crash recovery.',
    proves: ['P13', 'P14'],
    policy: s3,
    cast,
    steps: ({ bot }) => [
      at('0s', bot.starts(), granted()),
      at('1s', bot.crashes()),
      at('45s', bot.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
  scenario({
    title: 'S3: a login 300 s after the last heartbeat is granted',
    about: 'Note S3, integration case 3, stale session.',
    proves: ['P13'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('300s', rival.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
  scenario({
    title: 'S3: a login of another device 10 s after a heartbeat is refused',
    about: 'Note S3, integration case 4, concurrent device.',
    proves: ['P1', 'P12'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('10s', rival.starts(), refused('other-device', { holder: 'laptop', retryAfter: '30s' })),
    ],
  }),
  scenario({
    title: 'S3: a login right after a clean shutdown is granted, on the same device and on another',
    about: 'Note S3, integration case 5: a release clears the heartbeat, and a missing heartbeat means released.',
    proves: ['P15', 'P16', 'P22'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('10s', bot.ends(), ended()),
      at('10s', rival.asksStatus(), idle({ retryAfter: '0s' })),
      at('10s', bot.starts(), granted({ term: 2, replaced: null })),
      at('11s', bot.ends(), ended()),
      at('11s', rival.starts(), granted({ term: 3, replaced: null })),
    ],
  }),
];

/** The values that note S3 rolls back to, 30 s and 60 s: the same rules at other instants. */
import { active, at, device, ended, every, granted, idle, refused, renewed, s3Rollback, scenario } from 'seatproof';

const cast = { bot: device('laptop'), second: device('laptop'), rival: device('desktop') };

const blocked = (
  [
    ['40s', '20s'],
    ['59s', '1s'],
    ['59.999s', '1ms'],
  ] as const
).map(([age, retryAfter]) =>
  scenario({
    title: `S3 rolled back: ${age} after a heartbeat neither the same device nor another one gets in`,
    about: 'Note S3, rollback plan: a timeout of 60 s.',
    proves: ['P1', 'P12'],
    breaks: ['P13'],
    policy: s3Rollback,
    cast,
    steps: ({ bot, second, rival }) => [
      at('0s', bot.starts(), granted()),
      at(age, rival.asksStatus(), active({ holder: 'laptop' })),
      at(age, second.starts(), refused('same-device', { retryAfter })),
      at(age, rival.starts(), refused('other-device', { retryAfter })),
    ],
  }),
);

const allowed = (['60s', '60.001s'] as const).map((age) =>
  scenario({
    title: `S3 rolled back: another device is granted the license ${age} after the last heartbeat`,
    about: 'Note S3, rollback plan: a timeout of 60 s.',
    proves: ['P1', 'P13'],
    policy: s3Rollback,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at(age, rival.asksStatus(), idle({ retryAfter: '0s' })),
      at(age, rival.starts(), granted({ replaced: null })),
    ],
  }),
);

export default [
  ...blocked,
  ...allowed,
  scenario({
    title: 'S3 rolled back: heartbeats every 30 s keep the session, and a clean shutdown frees it at once',
    about: 'Note S3, rollback plan: an interval of 30 s.',
    proves: ['P5', 'P6', 'P15', 'P16'],
    policy: s3Rollback,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      every('30s', { from: '30s', to: '300s' }, bot.heartbeats(), renewed()),
      at('305s', rival.starts(), refused('other-device', { retryAfter: '55s' })),
      at('310s', bot.ends(), ended()),
      at('310s', rival.starts(), granted()),
    ],
  }),
];

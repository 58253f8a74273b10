/** Note S3 refuses a start from another device: the ages that its tests try, and their neighbours. */
import { active, at, device, granted, idle, refused, s3, scenario } from 'seatproof';

const cast = { bot: device('laptop'), rival: device('desktop') };

const blocked = (
  [
    ['15s', '25s'],
    ['20s', '20s'],
    ['30s', '10s'],
    ['39s', '1s'],
    ['39.999s', '1ms'],
  ] as const
).map(([age, retryAfter]) =>
  scenario({
    title: `S3: another device is refused ${age} after the last heartbeat`,
    about: 'Note S3, tests of strict blocking, different device.',
    proves: ['P1', 'P12'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at(age, rival.asksStatus(), active({ holder: 'laptop' })),
      at(age, rival.starts(), refused('other-device', { holder: 'laptop', retryAfter })),
    ],
  }),
);

const allowed = (['40s', '40.001s'] as const).map((age) =>
  scenario({
    title: `S3: another device is granted the license ${age} after the last heartbeat`,
    about: 'Note S3, tests of strict blocking, different device: expired.',
    proves: ['P1', 'P13'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at(age, rival.asksStatus(), idle({ retryAfter: '0s' })),
      at(age, rival.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
);

export default [...blocked, ...allowed];

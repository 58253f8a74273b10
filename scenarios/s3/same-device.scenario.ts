/** Note S3 refuses a start from the device that has the session: the ages that its tests try, and their neighbours. */
import { active, at, device, granted, idle, refused, s3, scenario } from 'seatproof';

const cast = { first: device('laptop'), second: device('laptop') };

const blocked = (
  [
    ['5s', '35s'],
    ['10s', '30s'],
    ['20s', '20s'],
    ['39s', '1s'],
    ['39.999s', '1ms'],
  ] as const
).map(([age, retryAfter]) =>
  scenario({
    title: `S3: the same device is refused ${age} after the last heartbeat`,
    about: 'Note S3, tests of strict blocking, same device.',
    proves: ['P1', 'P12'],
    breaks: ['P13'],
    policy: s3,
    cast,
    steps: ({ first, second }) => [
      at('0s', first.starts(), granted()),
      at(age, second.asksStatus(), active({ holder: 'laptop' })),
      at(age, second.starts(), refused('same-device', { holder: 'laptop', retryAfter })),
    ],
  }),
);

const allowed = (['40s', '40.001s'] as const).map((age) =>
  scenario({
    title: `S3: the same device is granted the license ${age} after the last heartbeat`,
    about: 'Note S3, tests of strict blocking, same device: expired.',
    proves: ['P1', 'P13'],
    policy: s3,
    cast,
    steps: ({ first, second }) => [
      at('0s', first.starts(), granted({ term: 1 })),
      at(age, second.asksStatus(), idle({ retryAfter: '0s' })),
      at(age, second.starts(), granted({ term: 2, replaced: null, sameSession: false })),
    ],
  }),
);

export default [...blocked, ...allowed];

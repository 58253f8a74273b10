/** Note S3 tries five ages for an exception to the block, and finds none: neither device gets in. */
import { at, device, granted, refused, renewed, s3, scenario } from 'seatproof';

const ages = [
  ['1s', '39s'],
  ['5s', '35s'],
  ['10s', '30s'],
  ['20s', '20s'],
  ['39s', '1s'],
] as const;

export default ages.map(([age, retryAfter]) =>
  scenario({
    title: `S3: ${age} after a heartbeat neither the same device nor another one gets in`,
    about: 'Note S3, tests of strict blocking, no exceptions.',
    proves: ['P1', 'P12'],
    breaks: ['P13'],
    policy: s3,
    cast: { bot: device('laptop'), second: device('laptop'), rival: device('desktop') },
    steps: ({ bot, second, rival }) => [
      at('0s', bot.starts(), granted()),
      at(age, second.starts(), refused('same-device', { retryAfter })),
      at(age, rival.starts(), refused('other-device', { retryAfter })),
      at(age, bot.heartbeats(), renewed()),
    ],
  }),
);

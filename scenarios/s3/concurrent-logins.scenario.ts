/** Logins at the very same moment, which note S3 says are all blocked: it tries them one after another only. */
import { at, device, exactly, granted, refused, s3, scenario, together } from 'seatproof';

export default [
  scenario({
    title: 'S3: of two devices that log in at the same moment exactly one gets in',
    about: 'Note S3 claims strict enforcement for all concurrent logins; here the two requests overlap.',
    proves: ['P1', 'P9', 'P12'],
    policy: s3,
    cast: { a: device('laptop'), b: device('desktop') },
    steps: ({ a, b }) => [
      at(
        '0s',
        together(a.starts(), b.starts()),
        exactly(1, granted({ term: 1 })),
        exactly(1, refused('other-device', { retryAfter: '40s' })),
      ),
    ],
  }),
  scenario({
    title: 'S3: of two instances on one device that log in at the same moment exactly one gets in',
    about: 'Note S3 refuses the same device too.',
    proves: ['P1', 'P12'],
    breaks: ['P13'],
    policy: s3,
    cast: { a: device('laptop'), b: device('laptop') },
    steps: ({ a, b }) => [
      at(
        '0s',
        together(a.starts(), b.starts()),
        exactly(1, granted({ term: 1 })),
        exactly(1, refused('same-device', { retryAfter: '40s' })),
      ),
    ],
  }),
  scenario({
    title: 'S3: of three logins at the instant of the timeout exactly one gets in, whosever it is',
    about: 'Note S3, 40 s: the boundary at which all of them are to be allowed, and at which only one can be.',
    proves: ['P1', 'P9', 'P14'],
    policy: s3,
    cast: { bot: device('laptop'), again: device('laptop'), a: device('desktop'), b: device('tablet') },
    steps: ({ bot, again, a, b }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('1s', bot.crashes()),
      at(
        '40s',
        together(again.starts(), a.starts(), b.starts()),
        exactly(1, granted({ term: 2 })),
        exactly(2, refused()),
      ),
    ],
  }),
];

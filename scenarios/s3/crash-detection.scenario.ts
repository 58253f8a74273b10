/** How long a crash keeps the license under S3. The note counts 40 s; it depends on when in the interval the crash falls. */
import { at, device, granted, refused, renewed, s3, s3Rollback, scenario } from 'seatproof';

const cast = { bot: device('laptop'), rival: device('desktop') };

export default [
  scenario({
    title: 'S3: a crash right after a heartbeat keeps others out for 40 s',
    about: 'Note S3: crash detection in 40 s, which is the worst case.',
    proves: ['P12', 'P14'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('20s', bot.heartbeats(), renewed()),
      at('20s', bot.crashes()),
      at('20.001s', rival.starts(), refused('other-device', { retryAfter: '39.999s' })),
      at('60s', rival.starts(), granted()),
    ],
  }),
  scenario({
    title: 'S3: a crash right before a heartbeat keeps others out for hardly more than 20 s',
    about: 'Note S3 gives one figure for all crashes; between the two cases lies a whole interval.',
    proves: ['P12', 'P14'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('20s', bot.heartbeats(), renewed()),
      at('39.999s', bot.crashes()),
      at('39.999s', rival.starts(), refused('other-device', { retryAfter: '20.001s' })),
      at('60s', rival.starts(), granted()),
    ],
  }),
  scenario({
    title: 'S3 before the change: a crash right after a heartbeat keeps others out for 60 s, 20 s longer than after it',
    about: 'Note S3: 20 s saved, true of this case.',
    proves: ['P12', 'P14'],
    policy: s3Rollback,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('30s', bot.heartbeats(), renewed()),
      at('30s', bot.crashes()),
      at('89.999s', rival.starts(), refused('other-device', { retryAfter: '1ms' })),
      at('90s', rival.starts(), granted()),
    ],
  }),
  scenario({
    title:
      'S3 before the change: a crash right before a heartbeat keeps others out for 30 s, only 10 s longer than after it',
    about:
      'Note S3 promises 20 s to everyone. Who crashes late in an interval gains 10 s, because that too got shorter.',
    proves: ['P12', 'P14'],
    policy: s3Rollback,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('30s', bot.heartbeats(), renewed()),
      at('59.999s', bot.crashes()),
      at('59.999s', rival.starts(), refused('other-device', { retryAfter: '30.001s' })),
      at('90s', rival.starts(), granted()),
    ],
  }),
];

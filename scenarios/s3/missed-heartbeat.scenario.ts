/** Note S3 says that a timeout of two intervals tolerates one missed heartbeat. The next one comes exactly too late. */
import {
  active,
  adjust,
  at,
  device,
  exactly,
  gone,
  granted,
  refused,
  renewed,
  s3,
  scenario,
  together,
} from 'seatproof';

const cast = { bot: device('laptop'), rival: device('desktop') };

export default [
  scenario({
    title:
      'S3: after one missed heartbeat a rival that starts at 40 s has the license, and the next heartbeat is too late',
    about:
      'Note S3 calls 40 s tolerant of one missed heartbeat. Here the one of 20 s was lost, and the network is perfect.',
    proves: ['P1', 'P4'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('40s', rival.starts(), granted({ replaced: null })),
      at('40s', bot.heartbeats(), gone('expired', { by: 'desktop' })),
    ],
  }),
  scenario({
    title: 'S3: after one missed heartbeat a delay of 1 ms in the next one is enough to lose the license',
    about: 'Note S3: 20 s + 20 s + any delay is more than 40 s.',
    proves: ['P1', 'P4'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('40s', rival.starts(), granted({ replaced: null })),
      at('40.001s', bot.heartbeats(), gone('expired', { by: 'desktop' })),
    ],
  }),
  scenario({
    title:
      'S3: after one missed heartbeat the next one succeeds only when it comes before the rival of the same instant',
    about: 'Note S3: at 40 s the session has expired, and still a heartbeat brings it back.',
    proves: ['P1'],
    breaks: ['P17'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('40s', bot.heartbeats(), renewed({ expiry: '80s' })),
      at('40s', rival.starts(), refused('other-device', { retryAfter: '40s' })),
    ],
  }),
  scenario({
    title: 'S3: when heartbeat and rival arrive together at 40 s, one of them gets the license, by luck',
    about: 'Note S3: both orders are played, and in each exactly one of the two succeeds.',
    proves: ['P1'],
    breaks: ['P17'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('40s', together(bot.heartbeats(), rival.starts()), exactly(0, granted({ replaced: 'laptop' }))),
      at('41s', rival.asksStatus(), active()),
    ],
  }),
  scenario({
    title: 'S3 with a timeout of three intervals does tolerate one missed heartbeat',
    about: 'Beside note S3: what the claim would need is a timeout above two intervals and the worst delay.',
    proves: ['P1', 'P5', 'P12'],
    policy: adjust(s3, { name: 's3 at 60 s', timeout: '60s' }),
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('40s', rival.starts(), refused('other-device', { retryAfter: '20s' })),
      at('42s', bot.heartbeats(), renewed({ expiry: '102s' })),
    ],
  }),
];

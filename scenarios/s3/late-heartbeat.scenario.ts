/** Note S3 finds no way round its block. A heartbeat that comes too late is one: nobody looks at its age. */
import { at, device, ended, gone, granted, idle, refused, renewed, s3, scenario } from 'seatproof';

const cast = { bot: device('laptop'), rival: device('desktop') };

export default [
  scenario({
    title: 'S3: a heartbeat a minute after expiry revives the session, and status takes back what it said',
    about: 'Note S3 says that a session of 40 s has expired. A start is granted at that age, and a heartbeat is too.',
    proves: ['P1'],
    breaks: ['P17'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('100s', rival.asksStatus(), idle({ retryAfter: '0s' })),
      at('100s', bot.heartbeats(), renewed({ expiry: '140s' })),
      at('101s', rival.starts(), refused('other-device', { holder: 'laptop', retryAfter: '39s' })),
    ],
  }),
  scenario({
    title: 'S3: a rival that waited exactly as told is refused when a late heartbeat came a moment before',
    about: 'Note S3: told to wait 10 s by a session that then expired, the rival finds it alive again.',
    proves: ['P1', 'P12'],
    breaks: ['P17'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('30s', rival.starts(), refused('other-device', { retryAfter: '10s' })),
      at('40s', bot.heartbeats(), renewed()),
      at('40s', rival.starts(), refused('other-device', { retryAfter: '40s' })),
    ],
  }),
  scenario({
    title: 'S3: a heartbeat that was under way during the release does not bring the session back',
    about: 'Note S3: a missing heartbeat means released, so nothing may write one into a released session.',
    proves: ['P4', 'P16', 'P22'],
    policy: s3,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('20s', bot.ends(), ended()),
      at('20.05s', bot.heartbeats(), gone('ended', { by: null })),
      at('21s', rival.starts(), granted({ replaced: null })),
      at('22s', bot.heartbeats(), gone('ended', { by: 'desktop' })),
    ],
  }),
];

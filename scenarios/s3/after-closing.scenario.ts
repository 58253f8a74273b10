/** How long a user really waits after closing the other instance. Note S3 says it in three ways that do not agree. */
import { at, device, ended, every, granted, refused, renewed, s3, s3Rollback, scenario } from 'seatproof';

const cast = { bot: device('laptop'), second: device('laptop') };

export default [
  scenario({
    title:
      'S3: after the other instance was closed cleanly the wait is 0 s, not the 40 s after closing that the message names',
    about:
      'Note S3: "approximately 40 seconds after closing" in the message, and an immediate login after a clean shutdown.',
    proves: ['P13', 'P15', 'P16', 'P22'],
    policy: s3,
    cast,
    steps: ({ bot, second }) => [
      at('0s', bot.starts(), granted()),
      at('20s', bot.heartbeats(), renewed()),
      at('25s', bot.ends(), ended()),
      at('25s', second.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
  scenario({
    title:
      'S3: after the other instance was killed the wait is what is left of 40 s since its last heartbeat, 20 s at best',
    about: 'Note S3 counts its 40 seconds from the closing. The server counts from the heartbeat, up to 20 s before.',
    proves: ['P12', 'P14', 'P15'],
    breaks: ['P13'],
    policy: s3,
    cast,
    steps: ({ bot, second }) => [
      at('0s', bot.starts(), granted()),
      at('20s', bot.heartbeats(), renewed()),
      at('39.999s', bot.crashes()),
      at('40s', second.starts(), refused('same-device', { retryAfter: '20s' })),
      at('60s', second.starts(), granted({ replaced: null })),
    ],
  }),
  scenario({
    title:
      'S3: the 60 s that the request asked to announce were the wait before the change, and are never one after it',
    about: 'Note S3 opens with a request for a message that says 60 secs. That is the timeout it rolls back to.',
    proves: ['P12', 'P15'],
    breaks: ['P13'],
    policy: s3Rollback,
    cast,
    steps: ({ bot, second }) => [
      at('0s', bot.starts(), granted()),
      at('0s', second.starts(), refused('same-device', { retryAfter: '60s' })),
      at('40s', second.starts(), refused('same-device', { retryAfter: '20s' })),
      at('60s', second.starts(), granted({ replaced: null })),
    ],
  }),
  scenario({
    title: 'S3: the longest wait under its own figures is 40 s, refused at the moment of a heartbeat',
    about: 'Note S3: beside the 60 secs of the request.',
    proves: ['P12', 'P15'],
    breaks: ['P13'],
    policy: s3,
    cast,
    steps: ({ bot, second }) => [
      at('0s', bot.starts(), granted()),
      at('20s', bot.heartbeats(), renewed()),
      at('20s', second.starts(), refused('same-device', { retryAfter: '40s' })),
      at('60s', second.starts(), granted({ replaced: null })),
    ],
  }),
  scenario({
    title: 'S3: six heartbeats in two minutes, where the values before have four: half as many again, not a third',
    about: 'Note S3 calls 20 s instead of 30 s a third more frequent. The interval is a third shorter.',
    proves: ['P5', 'P12'],
    policy: s3,
    cast,
    steps: ({ bot }) => [
      at('0s', bot.starts(), granted()),
      every('20s', { from: '20s', to: '2m' }, bot.heartbeats(), renewed()),
    ],
  }),
  scenario({
    title: 'S3, the values before: four heartbeats in two minutes',
    about: 'Note S3, beside the six of the new values.',
    proves: ['P5', 'P12'],
    policy: s3Rollback,
    cast,
    steps: ({ bot }) => [
      at('0s', bot.starts(), granted()),
      every('30s', { from: '30s', to: '2m' }, bot.heartbeats(), renewed()),
    ],
  }),
];

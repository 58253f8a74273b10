/** What a refused user reads under S3, and whether the wait in it is true. The wording is ours, the figures are the note's. */
import { at, device, granted, refused, renewed, s3, scenario } from 'seatproof';

export default [
  scenario({
    title: 'S3: refused 15 s after a heartbeat, the same device reads 25 seconds, and 25 seconds is what it takes',
    about: 'Note S3 says 40 seconds in the text and 25 in the estimate beside it.',
    proves: ['P12', 'P15'],
    breaks: ['P13'],
    policy: s3,
    cast: { bot: device('laptop'), second: device('laptop') },
    steps: ({ bot, second }) => [
      at('0s', bot.starts(), granted()),
      at(
        '15s',
        second.starts(),
        refused('same-device', {
          retryAfter: '25s',
          notice:
            'Already running on this device. Close the other instance and start again; if it is no longer running, you can start again in 25 seconds.',
        }),
      ),
      at('40s', second.starts(), granted()),
    ],
  }),
  scenario({
    title: 'S3: refused 8 s after a heartbeat, another device reads 32 seconds, and 32 seconds is what it takes',
    about: 'Note S3, message for a different device, with its estimate of 32 seconds.',
    proves: ['P12', 'P15'],
    policy: s3,
    cast: { bot: device('laptop'), rival: device('desktop') },
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at(
        '8s',
        rival.starts(),
        refused('other-device', {
          retryAfter: '32s',
          notice:
            'License in use on another device. Close it there and start again; if that device has stopped responding, the license becomes available in 32 seconds.',
        }),
      ),
      at('40s', rival.starts(), granted()),
    ],
  }),
  scenario({
    title: 'S3: a fraction of a second is rounded up in the text, so that who waits as told has waited enough',
    about: 'Note S3 promises the exact seconds that remain.',
    proves: ['P15'],
    policy: s3,
    cast: { bot: device('laptop'), rival: device('desktop') },
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at(
        '38.999s',
        rival.starts(),
        refused('other-device', {
          retryAfter: '1.001s',
          notice:
            'License in use on another device. Close it there and start again; if that device has stopped responding, the license becomes available in 2 seconds.',
        }),
      ),
      at('40.999s', rival.starts(), granted()),
    ],
  }),
  scenario({
    title: 'S3: while the other instance runs, waiting as told leads to the next refusal',
    about: 'Note S3 shows a countdown. It is true only of an instance that is silent; each heartbeat begins it anew.',
    proves: ['P1', 'P12'],
    policy: s3,
    cast: { bot: device('laptop'), rival: device('desktop') },
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('15s', rival.starts(), refused('other-device', { retryAfter: '25s' })),
      at('20s', bot.heartbeats(), renewed()),
      at('40s', rival.starts(), refused('other-device', { retryAfter: '20s' })),
      at('40s', bot.heartbeats(), renewed()),
      at('60s', rival.starts(), refused('other-device', { retryAfter: '20s' })),
    ],
  }),
];

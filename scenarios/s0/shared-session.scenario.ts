/** What follows when launcher and bot share one session: each can end the other's. Note S0 calls it working together. */
import { at, device, ended, gone, granted, idle, refused, renewed, s0, scenario } from 'seatproof';

export default [
  scenario({
    title: 'a launcher that closes ends the session of the bot, and a rival is admitted while the bot works on',
    about: 'Note S0 promises one device at a time. The bot learns of it at its next heartbeat, up to 30 s later.',
    proves: ['P1', 'P4', 'P16'],
    policy: s0,
    cast: { launcher: device('laptop'), bot: device('laptop'), rival: device('desktop') },
    steps: ({ launcher, bot, rival }) => [
      at('0s', launcher.starts(), granted()),
      at('2s', bot.starts(), granted({ sameSession: true })),
      at('32s', bot.heartbeats(), renewed()),
      at('33s', launcher.ends(), ended()),
      at('34s', rival.starts(), granted({ replaced: null })),
      at('62s', bot.heartbeats(), gone('ended', { by: 'desktop' })),
      at('63s', bot.starts(), refused('other-device', { holder: 'desktop' })),
    ],
  }),
  scenario({
    title: 'a bot whose launcher ended the session finds it gone even when nobody took the license',
    about: 'Note S0: the session that both share is released by whichever closes first.',
    proves: ['P4', 'P16'],
    policy: s0,
    cast: { launcher: device('laptop'), bot: device('laptop') },
    steps: ({ launcher, bot }) => [
      at('0s', launcher.starts(), granted()),
      at('2s', bot.starts(), granted({ sameSession: true })),
      at('20s', launcher.ends(), ended()),
      at('21s', launcher.asksStatus(), idle({ retryAfter: '0s' })),
      at('32s', bot.heartbeats(), gone('ended', { by: null })),
      at('33s', bot.starts(), granted({ term: 2, sameSession: false })),
    ],
  }),
  scenario({
    title: 'a launcher that stays open keeps the license of a bot that has died',
    about: 'Note S0: heartbeats of either process count for both, so a crash of the bot alone is not seen.',
    proves: ['P1', 'P12'],
    policy: s0,
    cast: { launcher: device('laptop'), bot: device('laptop'), rival: device('desktop') },
    steps: ({ launcher, bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('10s', launcher.starts(), granted({ sameSession: true })),
      at('30s', bot.heartbeats(), renewed()),
      at('31s', bot.crashes()),
      at('100s', launcher.heartbeats(), renewed()),
      at('151s', rival.starts(), refused('other-device', { holder: 'laptop' })),
      at('220.001s', rival.starts(), granted()),
    ],
  }),
];

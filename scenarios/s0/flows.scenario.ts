/** The four flows that note S0 tells, in its order. */
import { active, at, device, ended, every, granted, refused, renewed, s0, scenario } from 'seatproof';

const closedCleanly = scenario({
  title: 'after a clean close the launcher gets a new session, and its bot joins it',
  about: 'Note S0, flow 1.',
  proves: ['P1', 'P4', 'P7', 'P12'],
  policy: s0,
  cast: { launcher: device('laptop'), bot: device('laptop') },
  steps: ({ launcher, bot }) => [
    at('0s', bot.starts(), granted({ term: 1 })),
    at('30s', bot.heartbeats(), renewed()),
    at('45s', bot.ends(), ended()),
    at('60s', launcher.starts(), granted({ term: 2, replaced: null, sameSession: false })),
    at('62s', bot.starts(), granted({ term: 2, replaced: null, sameSession: true })),
    every('30s', { from: '92s', to: '182s' }, bot.heartbeats(), renewed()),
  ],
});

const crashed = scenario({
  title: 'a relaunch on the same device gets in at once after a crash, and the launched bot joins',
  about: 'Note S0, flow 2: no wait. It is the device that is recognised; see relaunch-after-crash for what is not so.',
  proves: ['P13'],
  policy: s0,
  cast: { launcher: device('laptop'), bot: device('laptop') },
  steps: ({ launcher, bot }) => [
    at('0s', launcher.starts(), granted({ term: 1 })),
    at('1s', bot.starts(), granted({ term: 1, sameSession: true })),
    at('31s', bot.heartbeats(), renewed()),
    at('40s', bot.crashes()),
    at('41s', launcher.starts(), granted({ replaced: null })),
    at('43s', bot.starts(), granted({ sameSession: true })),
    at('73s', bot.heartbeats(), renewed()),
  ],
});

const concurrent = scenario({
  title: 'a second device is refused while the bot on the first one sends heartbeats',
  about: 'Note S0, flow 3.',
  proves: ['P1', 'P12'],
  policy: s0,
  cast: { bot: device('device 1'), rival: device('device 2') },
  steps: ({ bot, rival }) => [
    at('0s', bot.starts(), granted()),
    every('30s', { from: '30s', to: '300s' }, bot.heartbeats(), renewed()),
    at('45s', rival.starts(), refused('other-device', { holder: 'device 1', retryAfter: '105.001s' })),
    at('120.001s', rival.starts(), refused('other-device')),
    at('299s', rival.starts(), refused('other-device', { holder: 'device 1' })),
  ],
});

const secondLauncher = scenario({
  title: 'a second launcher on the device of a running bot joins its session and sees its status',
  about: 'Note S0, flow 4.',
  proves: ['P1', 'P7', 'P13'],
  policy: s0,
  cast: { bot: device('laptop'), launcher: device('laptop') },
  steps: ({ bot, launcher }) => [
    at('0s', bot.starts(), granted({ term: 1 })),
    every('30s', { from: '30s', to: '120s' }, bot.heartbeats(), renewed()),
    at('50s', launcher.starts(), granted({ term: 1, replaced: null, sameSession: true })),
    at('51s', launcher.asksStatus(), active({ holder: 'laptop' })),
  ],
});

export default [closedCleanly, crashed, concurrent, secondLauncher];

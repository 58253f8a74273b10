/** Note S0 clears stale sessions at a login only. Until one comes, a heartbeat brings a stale session back. */
import { active, at, device, gone, granted, idle, refused, renewed, s0, scenario } from 'seatproof';

export default [
  scenario({
    title:
      'S0: a heartbeat three minutes late revives the session that status called over, and a rival is refused again',
    about: 'Note S0 says that a session without a heartbeat for two minutes is stale. Stale is not over.',
    proves: ['P1'],
    breaks: ['P17'],
    policy: s0,
    cast: { bot: device('laptop'), rival: device('desktop') },
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('180s', rival.asksStatus(), idle({ retryAfter: '0s' })),
      at('180s', bot.heartbeats(), renewed({ expiry: '300.001s' })),
      at('181s', rival.asksStatus(), active({ holder: 'laptop' })),
      at('181s', rival.starts(), refused('other-device', { holder: 'laptop' })),
    ],
  }),
  scenario({
    title: 'S0: a heartbeat that comes after a rival cleared the stale session finds it gone',
    about: 'The same late heartbeat as the one that revives: a login in between decides which it is.',
    proves: ['P1', 'P4'],
    policy: s0,
    cast: { bot: device('laptop'), rival: device('desktop') },
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('179.999s', rival.starts(), granted({ replaced: null })),
      at('180s', bot.heartbeats(), gone('expired', { by: 'desktop' })),
      at('180s', rival.heartbeats(), renewed()),
    ],
  }),
];

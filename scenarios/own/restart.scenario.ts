/** A restart of the server in the middle of it all. No note that we have keeps its sessions through one on purpose. */
import { active, at, device, ended, gone, granted, recommended, refused, renewed, scenario, server } from 'seatproof';

const cast = { bot: device('laptop'), rival: device('desktop') };

export default [
  scenario({
    title: 'a restart of the server keeps sessions, terms and expiries',
    about: 'What the server answered it has stored; a restart is nothing that a client could notice.',
    proves: ['P1', 'P5', 'P7', 'P12'],
    policy: recommended,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('20s', bot.heartbeats(), renewed({ expiry: '80s' })),
      at('30s', server.restarts()),
      at('31s', rival.asksStatus(), active({ holder: 'laptop' })),
      at('31s', rival.starts(), refused('other-device', { holder: 'laptop', retryAfter: '49s' })),
      at('40s', bot.heartbeats(), renewed({ expiry: '100s' })),
      at('41s', bot.ends(), ended()),
      at('42s', server.restarts()),
      at('43s', rival.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
  scenario({
    title: 'a takeover that was agreed before a restart of the server is still under way after it',
    about: 'The revoked session and its grace are part of the record.',
    proves: ['P1', 'P4'],
    policy: recommended,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('10s', rival.starts(), refused('other-device')),
      at('11s', rival.takesOver(), refused('grace', { retryAfter: '49s' })),
      at('12s', server.restarts()),
      at('20s', bot.heartbeats(), gone('replaced', { by: 'desktop' })),
      at('20s', bot.ends(), ended()),
      at('21s', rival.starts(), granted({ term: 2 })),
    ],
  }),
];

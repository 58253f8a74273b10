/** What note S2 tells of a table that a restart or a migration made anew: it is there, and nobody is in it. */
import { at, device, gone, granted, refused, renewed, s2, scenario, server, store } from 'seatproof';

const cast = { bot: device('device A'), rival: device('device B') };
const symbol = 'ES';

export default [
  scenario({
    title: 'a table that is made anew has forgotten the bot, which is told so at its next heartbeat',
    about:
      'Note S2, cause 1: after a restart or a migration the table may be one that was made anew, and then every session is lost.',
    breaks: ['P1', 'P4', 'P5', 'P7', 'P9', 'P12', 'P17'],
    policy: s2,
    cast,
    steps: ({ bot }) => [
      at('0s', bot.starts({ symbol }), granted({ term: 1 })),
      at('20s', bot.heartbeats({ symbol }), renewed()),
      at('30s', store.remakesTable()),
      at('30s', server.restarts()),
      at('40s', bot.heartbeats({ symbol }), gone('unknown')),
      at('41s', bot.starts({ symbol }), granted({ term: 1 })),
    ],
  }),
  scenario({
    title: 'after a table was made anew a rival gets in beside the bot, with the same term',
    about:
      'Beside note S2: its fix makes the table where it is missing, and cannot bring back who was in it. Terms begin again, too.',
    breaks: ['P1', 'P4', 'P5', 'P9', 'P12', 'P17'],
    policy: s2,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts({ symbol }), granted({ term: 1 })),
      at('20s', bot.heartbeats({ symbol }), renewed({ expiry: '80s' })),
      at('30s', store.remakesTable()),
      at('35s', rival.starts({ symbol }), granted({ term: 1, replaced: null })),
      at('40s', bot.heartbeats({ symbol }), gone('unknown')),
      at('41s', bot.starts({ symbol }), refused('other-device', { holder: 'device B' })),
    ],
  }),
  scenario({
    title: 'a table that was missing and is made anew works again, and holds nothing',
    about: 'Note S2, fix 1: the table is made where it is missing.',
    breaks: ['P1', 'P4', 'P9', 'P12', 'P17'],
    policy: s2,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts({ symbol }), granted()),
      at('5s', store.losesTable()),
      at('10s', store.remakesTable()),
      at('15s', rival.starts({ symbol }), granted({ replaced: null })),
    ],
  }),
];

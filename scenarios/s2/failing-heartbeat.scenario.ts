/** What note S2 repaired: a heartbeat that wrote nothing was answered as a success. */
import { active, at, device, failed, gone, granted, refused, renewed, s2, scenario, server, store } from 'seatproof';

const cast = { bot: device('device A'), rival: device('device B') };
const symbol = 'ES';

export default [
  scenario({
    title: 'a heartbeat that finds no table fails and says so; it does not count as a success',
    about: 'Note S2, cause 1: the error was logged, and the bot was told that all was well.',
    proves: ['P1', 'P5', 'P6'],
    policy: s2,
    cast,
    steps: ({ bot }) => [
      at('0s', bot.starts({ symbol }), granted()),
      at('20s', bot.heartbeats({ symbol }), renewed()),
      at('30s', store.losesTable()),
      at('40s', bot.heartbeats({ symbol }), failed('store')),
      at('50s', store.recovers()),
      at('60s', bot.heartbeats({ symbol }), renewed({ expiry: '120s' })),
    ],
  }),
  scenario({
    title: 'heartbeats that failed for too long did not move the expiry, and a rival gets in when the table is back',
    about: 'Note S2, cause 1: had these heartbeats counted as successes, the bot would think it still had the license.',
    proves: ['P1', 'P4', 'P6'],
    policy: s2,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts({ symbol }), granted()),
      at('20s', bot.heartbeats({ symbol }), renewed({ expiry: '80s' })),
      at('30s', store.losesTable()),
      at('40s', bot.heartbeats({ symbol }), failed('store')),
      at('60s', bot.heartbeats({ symbol }), failed('store')),
      at('80s', bot.heartbeats({ symbol }), failed('store')),
      at('90s', store.recovers()),
      at('91s', rival.starts({ symbol }), granted({ replaced: null })),
      at('100s', bot.heartbeats({ symbol }), gone('expired', { by: 'device B' })),
    ],
  }),
  scenario({
    title: 'while the table is missing nobody is let in either',
    about: 'Note S2: the login creates the table; a store that does not answer must not look like a free license.',
    proves: ['P1'],
    policy: s2,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts({ symbol }), granted()),
      at('5s', store.losesTable()),
      at('6s', rival.starts({ symbol }), failed('store')),
      at('7s', rival.asksStatus({ symbol }), failed('store')),
      at('10s', store.recovers()),
      at('11s', rival.starts({ symbol }), refused('other-device', { holder: 'device A', retryAfter: '49s' })),
    ],
  }),
  scenario({
    title: 'a heartbeat whose update fails is answered as failed, and the session keeps its old expiry',
    about: 'Note S2, cause 2: the result of the update was not looked at.',
    proves: ['P1', 'P6', 'P12'],
    policy: s2,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts({ symbol }), granted()),
      at('10s', store.refusesWrites()),
      at('20s', bot.heartbeats({ symbol }), failed('store')),
      at('25s', rival.asksStatus({ symbol }), active({ holder: 'device A' })),
      at('30s', store.recovers()),
      at('31s', rival.starts({ symbol }), refused('other-device', { retryAfter: '29s' })),
      at('40s', bot.heartbeats({ symbol }), renewed({ expiry: '100s' })),
    ],
  }),
  scenario({
    title: 'a bot that tries again after a failed heartbeat is renewed as soon as the store writes again',
    about: 'Note S2: an error that is passed on lets the bot retry.',
    proves: ['P5', 'P6'],
    policy: s2,
    cast,
    steps: ({ bot }) => [
      at('0s', bot.starts({ symbol }), granted()),
      at('19s', store.refusesWrites()),
      at('20s', bot.heartbeats({ symbol }), failed('store')),
      at('22s', bot.heartbeats({ symbol }), failed('store')),
      at('23s', store.recovers()),
      at('24s', bot.heartbeats({ symbol }), renewed({ expiry: '84s' })),
    ],
  }),
  scenario({
    title: 'a restart of the server does not lose the table or the sessions in it',
    about: 'Note S2 names a restart as a reason for the missing table. A table in a database outlives the server.',
    proves: ['P1', 'P5', 'P7'],
    policy: s2,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts({ symbol }), granted()),
      at('20s', bot.heartbeats({ symbol }), renewed()),
      at('21s', server.restarts()),
      at('22s', rival.starts({ symbol }), refused('other-device', { holder: 'device A' })),
      at('40s', bot.heartbeats({ symbol }), renewed()),
    ],
  }),
];

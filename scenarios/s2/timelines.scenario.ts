/** The two timelines of note S2, instant by instant. */
import { at, device, every, granted, refused, renewed, s2, scenario } from 'seatproof';

const cast = { bot: device('device A'), rival: device('device B') };
const symbol = 'ES';

export default [
  scenario({
    title: 'each heartbeat starts the 60 s anew, so a rival at 61 s is refused',
    about: 'Note S2, normal flow: last heartbeat at 60 s, one second before the rival.',
    proves: ['P1', 'P5', 'P6', 'P12'],
    policy: s2,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts({ symbol }), granted({ term: 1 })),
      at('20s', bot.heartbeats({ symbol }), renewed({ expiry: '80s' })),
      at('40s', bot.heartbeats({ symbol }), renewed({ expiry: '100s' })),
      at('60s', bot.heartbeats({ symbol }), renewed({ expiry: '120s' })),
      at('61s', rival.starts({ symbol }), refused('other-device', { holder: 'device A', retryAfter: '59s' })),
    ],
  }),
  scenario({
    title: 'without a heartbeat the session is over after 60 s, and a rival at 61 s is granted',
    about: 'Note S2, expired session.',
    proves: ['P1', 'P13'],
    policy: s2,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts({ symbol }), granted({ term: 1 })),
      at('61s', rival.starts({ symbol }), granted({ term: 2, replaced: null })),
    ],
  }),
  scenario({
    title: 'a rival is kept out for as long as the heartbeats go on, not only past the first 60 s',
    about: 'Note S2, the complaint behind it: two logins with one key after 60 s.',
    proves: ['P1', 'P5', 'P12'],
    policy: s2,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts({ symbol }), granted()),
      every('20s', { from: '20s', to: '600s' }, bot.heartbeats({ symbol }), renewed()),
      every('61s', { from: '61s', to: '600s' }, rival.starts({ symbol }), refused('other-device')),
    ],
  }),
];

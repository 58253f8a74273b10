/** The instant at which the two timelines of note S2 meet: one blocks below 60 s, the other admits above it. */
import { active, at, device, gone, granted, idle, refused, renewed, s2, scenario } from 'seatproof';

const cast = { bot: device('device A'), rival: device('device B') };
const symbol = 'ES';

const refusedBelow = scenario({
  title: 'S2: a rival is refused 59.999 s after the last heartbeat',
  about: 'Note S2: an age below 60 s blocks.',
  proves: ['P1', 'P12', 'P15', 'P17'],
  policy: s2,
  cast,
  steps: ({ bot, rival }) => [
    at('0s', bot.starts({ symbol }), granted()),
    at('20s', bot.heartbeats({ symbol }), renewed()),
    at('79.999s', rival.asksStatus({ symbol }), active({ holder: 'device A' })),
    at('79.999s', rival.starts({ symbol }), refused('other-device', { retryAfter: '1ms' })),
    at('80s', rival.starts({ symbol }), granted({ replaced: null })),
  ],
});

const grantedFrom = (['60s', '60.001s'] as const).map((age) =>
  scenario({
    title: `S2: a rival is granted the license ${age} after the last sign of life`,
    about:
      'Note S2 has "below 60 s" in one timeline and "above 60 s" in the other; at 60 s we follow the one that blocks.',
    proves: ['P1', 'P13', 'P17'],
    policy: s2,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts({ symbol }), granted()),
      at(age, rival.asksStatus({ symbol }), idle({ retryAfter: '0s' })),
      at(age, rival.starts({ symbol }), granted({ replaced: null })),
      at(age, bot.heartbeats({ symbol }), gone('expired', { by: 'device B' })),
    ],
  }),
);

const revived = scenario({
  title: 'S2: a heartbeat at exactly 60 s keeps the license that a rival could have had at that instant',
  about: 'Note S2: the heartbeat writes its row whatever its age, so at 60 s whoever comes first has it.',
  proves: ['P1'],
  breaks: ['P17'],
  policy: s2,
  cast,
  steps: ({ bot, rival }) => [
    at('0s', bot.starts({ symbol }), granted()),
    at('60s', rival.asksStatus({ symbol }), idle({ retryAfter: '0s' })),
    at('60s', bot.heartbeats({ symbol }), renewed({ expiry: '120s' })),
    at('60s', rival.starts({ symbol }), refused('other-device', { retryAfter: '60s' })),
  ],
});

export default [refusedBelow, ...grantedFrom, revived];

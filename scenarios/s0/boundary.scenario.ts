/** Note S0 clears what is older than 120 s, so at exactly 120 s a session still counts. */
import { active, at, device, granted, idle, refused, renewed, s0, scenario } from 'seatproof';

const refusedUpTo = (
  [
    ['119.999s', '2ms'],
    ['120s', '1ms'],
  ] as const
).map(([age, retryAfter]) =>
  scenario({
    title: `S0: a rival is refused ${age} after the last sign of life`,
    about: 'Note S0: the timeout of 120 s has to be exceeded.',
    proves: ['P1', 'P12', 'P17'],
    policy: s0,
    cast: { bot: device('laptop'), rival: device('desktop') },
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at(age, rival.asksStatus(), active({ holder: 'laptop' })),
      at(age, rival.starts(), refused('other-device', { retryAfter })),
    ],
  }),
);

const grantedAfter = scenario({
  title: 'S0: a rival is granted the license 120.001s after the last sign of life',
  about: 'Note S0: more than two minutes without a heartbeat, and the login clears the session.',
  proves: ['P1', 'P13', 'P17'],
  policy: s0,
  cast: { bot: device('laptop'), rival: device('desktop') },
  steps: ({ bot, rival }) => [
    at('0s', bot.starts(), granted()),
    at('120.001s', rival.asksStatus(), idle({ retryAfter: '0s' })),
    at('120.001s', rival.starts(), granted({ replaced: null })),
  ],
});

const heartbeatAtTimeout = scenario({
  title: 'S0: a heartbeat at exactly 120 s is in time, and the timeout counts anew from it',
  about: 'Note S0: at exactly the timeout the session has not expired.',
  proves: ['P5', 'P6', 'P12', 'P17'],
  policy: s0,
  cast: { bot: device('laptop'), rival: device('desktop') },
  steps: ({ bot, rival }) => [
    at('0s', bot.starts(), granted()),
    at('120s', bot.heartbeats(), renewed({ expiry: '240.001s' })),
    at('240s', rival.starts(), refused('other-device', { retryAfter: '1ms' })),
    at('240.001s', rival.starts(), granted()),
  ],
});

export default [...refusedUpTo, grantedAfter, heartbeatAtTimeout];

/** One age, one verdict: around the timeout start, heartbeat, status and sweep all agree. */
import {
  active,
  adjust,
  at,
  device,
  gone,
  granted,
  idle,
  recommended,
  refused,
  renewed,
  scenario,
  server,
  swept,
} from 'seatproof';

const cast = { bot: device('laptop'), rival: device('desktop') };

export default [
  scenario({
    title: 'recommended: 1 ms before the timeout status, sweep, start and heartbeat all find the session alive',
    about: 'The last instant at which a heartbeat is in time.',
    proves: ['P1', 'P5', 'P12', 'P17', 'P19'],
    policy: recommended,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('59.999s', rival.asksStatus(), active({ holder: 'laptop' })),
      at('59.999s', server.sweeps(), swept(0)),
      at('59.999s', rival.starts(), refused('other-device', { retryAfter: '1ms' })),
      at('59.999s', bot.heartbeats(), renewed({ expiry: '119.999s' })),
    ],
  }),
  ...(['60s', '60.001s'] as const).map((age) =>
    scenario({
      title: `recommended: ${age} after the last sign of life heartbeat, status, sweep and start all find the session over`,
      about: 'No heartbeat revives what a start or a sweep may have at the same age.',
      proves: ['P1', 'P4', 'P17', 'P19'],
      policy: recommended,
      cast,
      steps: ({ bot, rival }) => [
        at('0s', bot.starts(), granted()),
        at(age, bot.heartbeats(), gone('expired', { by: null })),
        at(age, rival.asksStatus(), idle({ retryAfter: '0s' })),
        at(age, server.sweeps(), swept(1)),
        at(age, server.sweeps(), swept(0)),
        at(age, rival.starts(), granted({ term: 2, replaced: null })),
      ],
    }),
  ),
  scenario({
    title: 'with a grace after expiry a rival waits a little longer than the timeout, and is told so',
    about: 'The lock delay gives a client that cannot be reached the time to stop.',
    proves: ['P1', 'P12', 'P15'],
    policy: adjust(recommended, { grace: { afterExpiry: '10s' } }),
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('59s', rival.starts(), refused('other-device', { retryAfter: '11s' })),
      at('60s', rival.asksStatus(), idle({ retryAfter: '10s' })),
      at('61s', rival.starts(), refused('grace', { retryAfter: '9s' })),
      at('70s', rival.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
  scenario({
    title: 'a sweep that lets go of a session does not cut its grace short',
    about: 'The client that cannot be reached needs the time to stop, whoever finds that its session has expired.',
    proves: ['P1', 'P12', 'P15', 'P19'],
    policy: adjust(recommended, { grace: { afterExpiry: '10s' } }),
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('60s', server.sweeps(), swept(1)),
      at('60s', rival.asksStatus(), idle({ retryAfter: '10s' })),
      at('61s', rival.starts(), refused('grace', { retryAfter: '9s' })),
      at('69.999s', rival.starts(), refused('grace', { retryAfter: '1ms' })),
      at('70s', rival.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
  scenario({
    title: 'a device does not have to wait out the grace after its own expiry',
    about: 'The grace protects against another device; a device need not be protected from itself.',
    proves: ['P12', 'P13'],
    policy: adjust(recommended, { grace: { afterExpiry: '10s' } }),
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('61s', rival.starts(), refused('grace', { retryAfter: '9s' })),
      at('62s', bot.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
];

/** The clean-up of note S1 at its boundary, and the late heartbeat that gets in before it. */
import { active, at, device, gone, granted, idle, renewed, s1, scenario, server, swept } from 'seatproof';

const spared = (['59.999s', '60s'] as const).map((age) =>
  scenario({
    title: `S1: a sweep leaves a session alone ${age} after its last sign of life`,
    about: 'Note S1: the job removes what has been silent for more than 60 s.',
    proves: ['P5', 'P12', 'P19'],
    policy: s1,
    cast: { app: device('laptop') },
    steps: ({ app }) => [
      at('0s', app.starts(), granted()),
      at(age, server.sweeps(), swept(0)),
      at(age, app.heartbeats(), renewed()),
    ],
  }),
);

const removed = (['60.001s', '61s'] as const).map((age) =>
  scenario({
    title: `S1: a sweep removes a session ${age} after its last sign of life`,
    about: 'Note S1: the job removes what has been silent for more than 60 s.',
    proves: ['P12', 'P19'],
    policy: s1,
    cast: { app: device('laptop') },
    steps: ({ app }) => [
      at('0s', app.starts(), granted()),
      at(age, server.sweeps(), swept(1)),
      at(age, app.asksStatus(), idle({ retryAfter: '0s' })),
      at(age, app.heartbeats(), gone('expired')),
    ],
  }),
);

export default [
  ...spared,
  ...removed,
  scenario({
    title: 'S1: at one and the same age a heartbeat keeps a session and a sweep removes it',
    about: 'Note S1: only the job looks at the age, so luck decides which of the two comes first.',
    policy: s1,
    cast: { app: device('laptop') },
    steps: ({ app }) => [
      at('0s', app.starts(), granted()),
      at('90s', app.heartbeats(), renewed()),
      at('180s', server.sweeps(), swept(1)),
      at('180s', app.heartbeats(), gone('expired')),
    ],
  }),
  scenario({
    title: 'S1: a session four minutes past its timeout is shown as active and is renewed',
    about: 'Note S1 says that a session without a heartbeat for 60 s has expired.',
    proves: ['P6'],
    policy: s1,
    cast: { app: device('laptop'), watcher: device('phone') },
    steps: ({ app, watcher }) => [
      at('0s', app.starts(), granted()),
      at('299.999s', watcher.asksStatus(), active({ holder: 'laptop' })),
      at('299.999s', app.heartbeats(), renewed({ expiry: '360s' })),
    ],
  }),
  scenario({
    title: 'S1: a sweep removes the silent sessions of all keys and spares the others',
    about: 'Note S1: the log of the job counts the sessions that it removed.',
    proves: ['P5', 'P12', 'P19'],
    policy: s1,
    cast: { one: device('laptop'), two: device('desktop'), three: device('phone') },
    steps: ({ one, two, three }) => [
      at('0s', one.starts({ license: 'key 1' }), granted()),
      at('1s', two.starts({ license: 'key 2' }), granted()),
      at('2s', three.starts({ license: 'key 3' }), granted()),
      at('32s', three.heartbeats({ license: 'key 3' }), renewed()),
      at('62s', three.heartbeats({ license: 'key 3' }), renewed()),
      at('90s', server.sweeps(), swept(2)),
      at('91s', three.asksStatus({ license: 'key 1' }), idle()),
      at('92s', three.heartbeats({ license: 'key 3' }), renewed()),
    ],
  }),
];

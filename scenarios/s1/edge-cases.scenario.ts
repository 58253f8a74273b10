/** Edge cases 1, 2, 4 and 5 of note S1; simultaneous-starts has case 3. */
import { active, at, device, ended, every, gone, granted, renewed, s1, scenario, server } from 'seatproof';

export default [
  scenario({
    title: 'an app that crashed can be started again long before its 60 s are over',
    about: 'Note S1, edge case 1 has it expire first. A start replaces whatever there is, so nobody has to wait.',
    proves: ['P13'],
    policy: s1,
    cast: { app: device('laptop') },
    steps: ({ app }) => [
      at('0s', app.starts(), granted()),
      at('10s', app.crashes()),
      at('15s', app.starts(), granted({ term: 2, replaced: 'laptop', sameSession: false })),
    ],
  }),
  scenario({
    title: 'a client that was cut off for three minutes goes on with its session, because no sweep came between',
    about: 'Note S1, edge case 2 says that the session expires and the user has to restart.',
    proves: ['P1', 'P6'],
    policy: s1,
    cast: { app: device('laptop') },
    steps: ({ app }) => [
      at('0s', app.starts(), granted({ term: 1 })),
      at('30s', app.heartbeats(), renewed()),
      at('210s', app.heartbeats(), renewed({ expiry: '270.001s' })),
      at('240s', app.heartbeats(), renewed()),
    ],
  }),
  scenario({
    title: 'a client that was cut off while the sweep came by finds its session gone and starts a new one',
    about: 'Note S1, edge case 2, as it says; the moment of the job decides.',
    proves: ['P4', 'P13', 'P19'],
    policy: s1,
    cast: { app: device('laptop') },
    steps: ({ app }) => [
      at('0s', app.starts(), granted({ term: 1 })),
      every('30s', { from: '30s', to: '210s' }, app.heartbeats(), renewed()),
      at('330s', app.heartbeats(), gone('expired', { by: null })),
      at('331s', app.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
  scenario({
    title: 'sessions survive a restart of the server, because they are in the database',
    about: 'Note S1, edge case 4 says in one line that all sessions are lost and that they are stored in the database.',
    proves: ['P1', 'P5', 'P7'],
    policy: s1,
    cast: { app: device('laptop'), other: device('desktop') },
    steps: ({ app, other }) => [
      at('0s', app.starts(), granted({ term: 1 })),
      at('30s', app.heartbeats(), renewed()),
      at('45s', server.restarts()),
      at('46s', other.asksStatus(), active({ holder: 'laptop' })),
      at('60s', app.heartbeats(), renewed({ expiry: '120.001s' })),
    ],
  }),
  scenario({
    title: 'one device works with two keys at once, and each has a session of its own',
    about: 'Note S1, edge case 5.',
    proves: ['P1', 'P16'],
    policy: s1,
    cast: { first: device('laptop'), second: device('laptop') },
    steps: ({ first, second }) => [
      at('0s', first.starts({ license: 'key 1' }), granted({ term: 1, replaced: null })),
      at('5s', second.starts({ license: 'key 2' }), granted({ term: 1, replaced: null })),
      at('30s', first.heartbeats({ license: 'key 1' }), renewed()),
      at('35s', second.heartbeats({ license: 'key 2' }), renewed()),
      at('40s', first.ends({ license: 'key 1' }), ended()),
      at('65s', second.heartbeats({ license: 'key 2' }), renewed()),
    ],
  }),
];

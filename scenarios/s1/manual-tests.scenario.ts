/** The three tests that note S1 asks people to do by hand. */
import { active, at, device, ended, every, gone, granted, idle, renewed, s1, scenario } from 'seatproof';

export default [
  scenario({
    title: 'a solver runs for three minutes with a heartbeat every 30 s and is stopped',
    about: 'Note S1, manual test 1.',
    proves: ['P5', 'P6', 'P16'],
    policy: s1,
    cast: { solver: device('laptop') },
    steps: ({ solver }) => [
      at('0s', solver.starts(), granted()),
      every('30s', { from: '30s', to: '180s' }, solver.heartbeats(), renewed()),
      at('185s', solver.ends(), ended()),
      at('186s', solver.asksStatus(), idle()),
    ],
  }),
  scenario({
    title: 'computer B takes the key of computer A and goes on working, and computer A is told at its next heartbeat',
    about: 'Note S1, manual test 2.',
    proves: ['P1', 'P4', 'P9'],
    policy: s1,
    cast: { a: device('computer A'), b: device('computer B') },
    steps: ({ a, b }) => [
      at('0s', a.starts(), granted({ replaced: null })),
      at('12s', b.starts(), granted({ replaced: 'computer A' })),
      at('30s', a.heartbeats(), gone('replaced', { by: 'computer B' })),
      every('30s', { from: '42s', to: '252s' }, b.heartbeats(), renewed()),
    ],
  }),
  scenario({
    title: 'a start 65 s after a crash succeeds by replacing the old session, which nothing has cleaned up',
    about:
      'Note S1, manual test 3 says that it succeeds because the old session was cleaned up. The row is still there.',
    proves: ['P13'],
    policy: s1,
    cast: { solver: device('laptop') },
    steps: ({ solver }) => [
      at('0s', solver.starts(), granted()),
      at('5s', solver.crashes()),
      at('70s', solver.asksStatus(), active({ holder: 'laptop' })),
      at('70s', solver.starts(), granted({ term: 2, replaced: 'laptop' })),
    ],
  }),
  scenario({
    title: 'a start one second after a crash succeeds just like the one after 65 s',
    about: 'Note S1, manual test 3: the wait that it prescribes changes nothing.',
    proves: ['P13'],
    policy: s1,
    cast: { solver: device('laptop') },
    steps: ({ solver }) => [
      at('0s', solver.starts(), granted()),
      at('5s', solver.crashes()),
      at('6s', solver.starts(), granted({ term: 2, replaced: 'laptop' })),
    ],
  }),
];

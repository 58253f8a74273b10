/** One device at a time in note S1: the second one simply takes over, and the first one learns of it late. */
import { active, at, device, ended, every, gone, granted, renewed, s1, scenario } from 'seatproof';

export default [
  scenario({
    title: 'device B takes over from device A, and A learns it from its next heartbeat',
    about: 'Note S1, how one device at a time is enforced, steps 1 to 6.',
    proves: ['P1', 'P4', 'P7', 'P9'],
    policy: s1,
    cast: { a: device('device A'), b: device('device B') },
    steps: ({ a, b }) => [
      at('0s', a.starts(), granted({ replaced: null })),
      at('30s', a.heartbeats(), renewed()),
      at('40s', b.starts(), granted({ term: 2, replaced: 'device A' })),
      at('60s', a.heartbeats(), gone('replaced', { by: 'device B' })),
      every('30s', { from: '70s', to: '130s' }, b.heartbeats(), renewed()),
    ],
  }),
  scenario({
    title: 'device A believes for 30 s that it has the key which device B took right after a heartbeat',
    about:
      'Note S1 says that the next heartbeat or call of A fails. Until then nothing tells A, and no fence stops it.',
    proves: ['P1', 'P4'],
    policy: s1,
    cast: { a: device('device A'), b: device('device B') },
    steps: ({ a, b }) => [
      at('0s', a.starts(), granted()),
      at('30s', a.heartbeats(), renewed()),
      at('30.001s', b.starts(), granted({ replaced: 'device A' })),
      at('59.999s', b.asksStatus(), active({ holder: 'device B' })),
      at('60s', a.heartbeats(), gone('replaced', { by: 'device B' })),
    ],
  }),
  scenario({
    title: 'the stop of a device that was replaced does not end the session of the one that replaced it',
    about: 'Note S1: computer A stops after computer B took over; each end names its own session.',
    proves: ['P16', 'P4'],
    policy: s1,
    cast: { a: device('device A'), b: device('device B') },
    steps: ({ a, b }) => [
      at('0s', a.starts(), granted()),
      at('10s', b.starts(), granted({ replaced: 'device A' })),
      at('12s', a.ends(), gone('replaced', { by: 'device B' })),
      at('13s', b.asksStatus(), active({ holder: 'device B' })),
      at('40s', b.heartbeats(), renewed()),
      at('50s', b.ends(), ended()),
    ],
  }),
  scenario({
    title: 'device B is told that it replaced a session even when that session has been dead for minutes',
    about: 'Note S1: the row stands until the job removes it, so nobody can tell a dead session from a live one.',
    proves: ['P1'],
    policy: s1,
    cast: { a: device('device A'), b: device('device B') },
    steps: ({ a, b }) => [
      at('0s', a.starts(), granted()),
      at('1s', a.crashes()),
      at('290s', b.starts(), granted({ replaced: 'device A' })),
    ],
  }),
];

/** The checks that the test script of note S1 lists, but for the health of the server. */
import { active, at, device, ended, gone, granted, idle, renewed, s1, scenario, server, swept } from 'seatproof';

const cast = { solver: device('laptop'), other: device('desktop') };

export default [
  scenario({
    title: 'S1 checks: a start on a free key is granted and replaces nobody',
    about: 'Note S1, check "session start".',
    proves: ['P1', 'P7'],
    policy: s1,
    cast,
    steps: ({ solver }) => [at('0s', solver.starts(), granted({ term: 1, replaced: null }))],
  }),
  scenario({
    title: 'S1 checks: a heartbeat moves the expiry on',
    about: 'Note S1, check "heartbeat". The job removes what is older than 60 s, so a session lasts 1 ms longer.',
    proves: ['P5', 'P6'],
    policy: s1,
    cast,
    steps: ({ solver }) => [
      at('0s', solver.starts(), granted()),
      at('30s', solver.heartbeats(), renewed({ expiry: '90.001s' })),
      at('60s', solver.heartbeats(), renewed({ expiry: '120.001s' })),
    ],
  }),
  scenario({
    title: 'S1 checks: status tells who has the key, and that nobody has it',
    about: 'Note S1, check "session status".',
    proves: ['P7'],
    policy: s1,
    cast,
    steps: ({ solver, other }) => [
      at('0s', other.asksStatus(), idle({ retryAfter: '0s' })),
      at('1s', solver.starts(), granted()),
      at('2s', other.asksStatus(), active({ holder: 'laptop' })),
    ],
  }),
  scenario({
    title: 'S1 checks: a start on a second device ends the session of the first one',
    about: 'Note S1, check "one device at a time", which it calls critical.',
    proves: ['P1', 'P4', 'P9'],
    policy: s1,
    cast,
    steps: ({ solver, other }) => [
      at('0s', solver.starts(), granted()),
      at('5s', other.starts(), granted({ term: 2, replaced: 'laptop' })),
      at('6s', solver.heartbeats(), gone('replaced', { by: 'desktop' })),
      at('7s', other.heartbeats(), renewed()),
    ],
  }),
  scenario({
    title: 'S1 checks: an ended session is over, and ending it again does no harm',
    about: 'Note S1, check "session end".',
    proves: ['P4', 'P16'],
    policy: s1,
    cast,
    steps: ({ solver }) => [
      at('0s', solver.starts(), granted()),
      at('5s', solver.ends(), ended()),
      at('5s', solver.asksStatus(), idle()),
      at('6s', solver.ends(), ended()),
      at('7s', solver.heartbeats(), gone('ended')),
    ],
  }),
  scenario({
    title: 'S1 checks: after 70 s of silence a run of the clean-up removes the session',
    about: 'Note S1, check "session expiration", which takes about 70 s.',
    proves: ['P12', 'P19'],
    policy: s1,
    cast,
    steps: ({ solver }) => [
      at('0s', solver.starts(), granted()),
      at('70s', server.sweeps(), swept(1)),
      at('70s', solver.asksStatus(), idle({ retryAfter: '0s' })),
      at('71s', solver.heartbeats(), gone('expired')),
    ],
  }),
  scenario({
    title: 'S1 checks: after 70 s of silence the session is still active unless the clean-up happens to run',
    about: 'Note S1, check "session expiration": 70 s suffice only for a test that runs the job by hand.',
    policy: s1,
    cast,
    steps: ({ solver }) => [
      at('0s', solver.starts(), granted()),
      at('70s', solver.asksStatus(), active({ holder: 'laptop' })),
    ],
  }),
];

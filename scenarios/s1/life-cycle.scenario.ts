/** The four stages of a session in note S1: start, heartbeats, stop, expiration. */
import { active, at, device, ended, every, gone, granted, idle, renewed, s1, scenario } from 'seatproof';

export default [
  scenario({
    title: 'a start creates a session that heartbeats every 30 s keep alive and a stop ends',
    about: 'Note S1, life cycle, stages 1 to 3.',
    proves: ['P1', 'P4', 'P5', 'P6', 'P7', 'P16'],
    policy: s1,
    cast: { solver: device('laptop') },
    steps: ({ solver }) => [
      at('0s', solver.starts(), granted({ term: 1, replaced: null })),
      every('30s', { from: '30s', to: '390s' }, solver.heartbeats(), renewed()),
      at('395s', solver.asksStatus(), active({ holder: 'laptop' })),
      at('400s', solver.ends(), ended()),
      at('400s', solver.asksStatus(), idle({ retryAfter: '0s' })),
      at('420s', solver.heartbeats(), gone('ended', { by: null })),
    ],
  }),
  scenario({
    title: 'the job removes a session that has been silent for more than 60 s, and a new one can start',
    about: 'Note S1, life cycle, stage 4.',
    proves: ['P12', 'P19'],
    policy: s1,
    cast: { solver: device('laptop') },
    steps: ({ solver }) => [
      at('0s', solver.starts(), granted()),
      every('30s', { from: '30s', to: '210s' }, solver.heartbeats(), renewed()),
      at('299.999s', solver.asksStatus(), active({ holder: 'laptop' })),
      at('300s', solver.asksStatus(), idle({ retryAfter: '0s' })),
      at('301s', solver.heartbeats(), gone('expired', { by: null })),
      at('302s', solver.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
];

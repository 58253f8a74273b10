/** Note S1 recommends 30 s and 60 s for reliable detection. Whether one missed heartbeat is borne is up to the sweep. */
import { at, device, every, gone, granted, renewed, s1, scenario } from 'seatproof';

const cast = { app: device('laptop') };

export default [
  scenario({
    title: 'S1: one missed heartbeat costs nothing where no sweep comes by before the next one',
    about: 'Note S1: only the job looks at the age, so a heartbeat of any age brings the session back until then.',
    proves: ['P1', 'P5'],
    policy: s1,
    cast,
    steps: ({ app }) => [
      at('0s', app.starts(), granted()),
      // The heartbeat of 30 s is lost.
      at('60s', app.heartbeats(), renewed({ expiry: '120.001s' })),
      at('121s', app.heartbeats(), renewed()),
    ],
  }),
  scenario({
    title:
      'S1: one missed heartbeat and a delay of 200 ms in the next one end a healthy session when a sweep falls between',
    about:
      'Note S1: 60 s are two intervals, so the next heartbeat after a missed one comes exactly when it is too late.',
    proves: ['P12', 'P19'],
    policy: s1,
    cast,
    steps: ({ app }) => [
      at('0s', app.starts(), granted()),
      every('30s', { from: '29.9s', to: '239.9s' }, app.heartbeats(), renewed()),
      // That of 269.9 s is lost, and that of 299.9 s takes 200 ms. The sweep of 300 s finds an age of 60.1 s.
      at('300.1s', app.heartbeats(), gone('expired')),
      at('301s', app.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
  scenario({
    title: 'S1: one missed heartbeat is borne across a sweep only as long as the next one is not late at all',
    about: 'Note S1: a session of exactly 60 s is not older than 60 s, and the job leaves it.',
    proves: ['P5', 'P12', 'P19'],
    policy: s1,
    cast,
    steps: ({ app }) => [
      at('0s', app.starts(), granted()),
      every('30s', { from: '30s', to: '240s' }, app.heartbeats(), renewed()),
      // That of 270 s is lost.
      at('300s', app.heartbeats(), renewed()),
    ],
  }),
];

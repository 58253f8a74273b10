/** Several devices at the very same moment: whatever the order, one has the license. */
import {
  active,
  at,
  device,
  ended,
  every,
  exactly,
  granted,
  recommended,
  refused,
  renewed,
  scenario,
  together,
} from 'seatproof';

const cast = { a: device('laptop'), b: device('desktop'), c: device('phone') };

export default [
  scenario({
    title: 'of two simultaneous starts on a free license one is granted and the other refused',
    about: 'Every order is played on the model; a database gets them at once.',
    proves: ['P1', 'P9'],
    policy: recommended,
    cast,
    steps: ({ a, b }) => [
      at('0s', together(a.starts(), b.starts()), exactly(1, granted({ term: 1 })), exactly(1, refused('other-device'))),
      at('1s', a.asksStatus(), active()),
    ],
  }),
  scenario({
    title: 'of three starts at the instant of the expiry one is granted, whichever comes first',
    about: 'The moment for which every waiting client has been told to try again.',
    proves: ['P1', 'P9', 'P12'],
    policy: recommended,
    cast: { ...cast, d: device('tablet') },
    steps: ({ a, b, c, d }) => [
      at('0s', d.starts(), granted({ term: 1 })),
      at(
        '20s',
        together(a.starts(), b.starts(), c.starts()),
        exactly(3, refused('other-device', { retryAfter: '40s' })),
      ),
      at(
        '60s',
        together(a.starts(), b.starts(), c.starts()),
        exactly(1, granted({ term: 2, replaced: null })),
        exactly(2, refused('other-device', { retryAfter: '60s' })),
      ),
    ],
  }),
  scenario({
    title: 'a heartbeat and a takeover at the same moment end with the session revoked',
    about: 'Either the heartbeat is renewed just before, or it learns of the takeover; the takeover stands.',
    proves: ['P1', 'P4'],
    policy: recommended,
    cast,
    steps: ({ a, b }) => [
      at('0s', a.starts(), granted({ term: 1 })),
      at('10s', b.starts(), refused('other-device')),
      at('20s', together(a.heartbeats(), b.takesOver()), exactly(1, refused('grace'))),
      at('25s', a.ends(), ended()),
      at('26s', b.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
  scenario({
    title: 'a healthy client keeps its license for two hours against a rival that never gives up',
    about: 'Nothing adds up over time: no drift, no leak of terms.',
    proves: ['P1', 'P5', 'P6', 'P12'],
    policy: recommended,
    cast,
    steps: ({ a, b }) => [
      at('0s', a.starts(), granted({ term: 1 })),
      every('20s', { from: '20s', to: '2h' }, a.heartbeats(), renewed()),
      every('59s', { from: '59s', to: '2h' }, b.starts(), refused('other-device', { holder: 'laptop' })),
    ],
  }),
];

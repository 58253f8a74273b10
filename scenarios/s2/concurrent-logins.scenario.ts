/** Logins at the very same moment, which note S2 set out to prevent: of one symbol, and of two. */
import { at, device, exactly, granted, refused, renewed, s2, scenario, together } from 'seatproof';

const cast = { a: device('device A'), b: device('device B') };

export default [
  scenario({
    title: 'S2: of two devices that log in with one symbol at the same moment exactly one gets in',
    about: 'Note S2 names concurrent logins with one key as its problem; here the two requests overlap.',
    proves: ['P1', 'P9', 'P12'],
    policy: s2,
    cast,
    steps: ({ a, b }) => [
      at(
        '0s',
        together(a.starts({ symbol: 'ES' }), b.starts({ symbol: 'ES' })),
        exactly(1, granted({ term: 1 })),
        exactly(1, refused('other-device', { retryAfter: '60s' })),
      ),
    ],
  }),
  scenario({
    title: 'S2: two devices that log in with two symbols at the same moment both get in on one license',
    about: 'Note S2: each checks a row of its own, so neither sees the other.',
    proves: ['P1'],
    breaks: ['P21'],
    policy: s2,
    cast,
    steps: ({ a, b }) => [
      at(
        '0s',
        together(a.starts({ symbol: 'ES' }), b.starts({ symbol: 'NQ' })),
        exactly(2, granted({ term: 1, replaced: null })),
      ),
    ],
  }),
  scenario({
    title: 'S2: of a heartbeat and a login that meet at 60 s one gets the session, and never both',
    about: 'Note S2: the timer that a heartbeat resets runs out at the instant at which both arrive.',
    proves: ['P1'],
    breaks: ['P17'],
    policy: s2,
    cast,
    steps: ({ a, b }) => [
      at('0s', a.starts({ symbol: 'ES' }), granted()),
      at(
        '60s',
        together(a.heartbeats({ symbol: 'ES' }), b.starts({ symbol: 'ES' })),
        exactly(0, granted({ replaced: 'device A' })),
      ),
      at(
        '61s',
        together(a.starts({ symbol: 'ES' }), b.starts({ symbol: 'ES' })),
        exactly(1, granted({ sameSession: true })),
        exactly(1, refused('other-device')),
      ),
    ],
  }),
  scenario({
    title: 'S2: a heartbeat that names no symbol keeps a seat of its own alive, and not the session of a symbol',
    about: 'Note S2 writes the row of a symbol only for a heartbeat that carries one.',
    proves: ['P1', 'P12'],
    breaks: ['P21'],
    policy: s2,
    cast,
    steps: ({ a, b }) => [
      at('0s', a.starts({ symbol: 'ES' }), granted()),
      at('0s', a.starts(), granted({ term: 1, sameSession: false })),
      at('20s', a.heartbeats(), renewed({ expiry: '80s' })),
      at('40s', a.heartbeats(), renewed({ expiry: '100s' })),
      at('60s', b.starts({ symbol: 'ES' }), granted({ replaced: null })),
      at('60s', b.starts(), refused('other-device', { retryAfter: '40s' })),
    ],
  }),
];

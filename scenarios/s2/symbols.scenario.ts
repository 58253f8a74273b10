/** One seat for each symbol in note S2, while a license is sold for one session. */
import { active, at, device, ended, granted, idle, refused, renewed, s2, scenario } from 'seatproof';

const cast = { a: device('device A'), b: device('device B') };

export default [
  scenario({
    title: 'one device has two sessions of one license at once, one for each symbol',
    about: 'Note S2 promises that one key cannot be used twice at the same time; its sessions are kept per symbol.',
    proves: ['P1'],
    breaks: ['P21'],
    policy: s2,
    cast,
    steps: ({ a }) => [
      at('0s', a.starts({ symbol: 'ES' }), granted({ term: 1, replaced: null, sameSession: false })),
      at('5s', a.starts({ symbol: 'NQ' }), granted({ term: 1, replaced: null, sameSession: false })),
      at('20s', a.heartbeats({ symbol: 'ES' }), renewed({ expiry: '80s' })),
      at('25s', a.heartbeats({ symbol: 'NQ' }), renewed({ expiry: '85s' })),
    ],
  }),
  scenario({
    title: 'two devices share one license without a conflict, if they name different symbols',
    about: 'Note S2: what a rival needs to get round the block is another symbol.',
    proves: ['P1'],
    breaks: ['P21'],
    policy: s2,
    cast,
    steps: ({ a, b }) => [
      at('0s', a.starts({ symbol: 'ES' }), granted()),
      at('5s', b.starts({ symbol: 'ES' }), refused('other-device', { holder: 'device A' })),
      at('6s', b.starts({ symbol: 'NQ' }), granted({ replaced: null })),
      at('20s', a.heartbeats({ symbol: 'ES' }), renewed()),
      at('26s', b.heartbeats({ symbol: 'NQ' }), renewed()),
      at('30s', b.asksStatus({ symbol: 'ES' }), active({ holder: 'device A' })),
      at('30s', a.asksStatus({ symbol: 'NQ' }), active({ holder: 'device B' })),
    ],
  }),
  scenario({
    title: 'ending the session of one symbol leaves that of the other',
    about: 'Note S2: each symbol has a row of its own.',
    proves: ['P16'],
    breaks: ['P21'],
    policy: s2,
    cast,
    steps: ({ a }) => [
      at('0s', a.starts({ symbol: 'ES' }), granted()),
      at('0s', a.starts({ symbol: 'NQ' }), granted()),
      at('10s', a.ends({ symbol: 'ES' }), ended()),
      at('11s', a.asksStatus({ symbol: 'ES' }), idle({ retryAfter: '0s' })),
      at('20s', a.heartbeats({ symbol: 'NQ' }), renewed()),
    ],
  }),
  scenario({
    title: 'a heartbeat for one symbol does not keep the session of another alive',
    about: 'Note S2: the heartbeat names its symbol and writes that row only.',
    proves: ['P1', 'P12'],
    breaks: ['P21'],
    policy: s2,
    cast,
    steps: ({ a, b }) => [
      at('0s', a.starts({ symbol: 'ES' }), granted()),
      at('0s', a.starts({ symbol: 'NQ' }), granted()),
      at('20s', a.heartbeats({ symbol: 'ES' }), renewed()),
      at('40s', a.heartbeats({ symbol: 'ES' }), renewed()),
      at('60s', b.starts({ symbol: 'NQ' }), granted({ replaced: null })),
      at('60s', b.starts({ symbol: 'ES' }), refused('other-device', { retryAfter: '40s' })),
    ],
  }),
  scenario({
    title: 'with one symbol at a time the license is used once at a time',
    about: 'Note S2 as far as it holds: switching symbols by ending the first session.',
    proves: ['P1', 'P21'],
    policy: s2,
    cast,
    steps: ({ a }) => [
      at('0s', a.starts({ symbol: 'ES' }), granted()),
      at('10s', a.ends({ symbol: 'ES' }), ended()),
      at('11s', a.starts({ symbol: 'NQ' }), granted()),
    ],
  }),
];

/** Two devices that start at the same time: edge case 3 of note S1, and who is really told what. */
import { active, at, device, exactly, gone, granted, renewed, s1, scenario, together } from 'seatproof';

const cast = { a: device('device A'), b: device('device B'), c: device('device C') };

export default [
  scenario({
    title: 'of two simultaneous starts on a free key the last one wins',
    about: 'Note S1, edge case 3: both are granted in turn, and the next heartbeats show which one has the key.',
    proves: ['P1', 'P4', 'P9'],
    policy: s1,
    cast,
    steps: ({ a, b }) => [
      at('0s', together(a.starts(), b.starts()), exactly(1, granted({ term: 1 })), exactly(1, granted({ term: 2 }))),
      at('30s', together(a.heartbeats(), b.heartbeats()), exactly(1, renewed()), exactly(1, gone('replaced'))),
    ],
  }),
  scenario({
    title: 'of two simultaneous starts on a free key only the winner is told that it replaced a session',
    about: 'Note S1, edge case 3 has both told so. The first of them found nobody to replace.',
    proves: ['P1', 'P9'],
    policy: s1,
    cast,
    steps: ({ a, b }) => [
      at(
        '0s',
        together(a.starts(), b.starts()),
        exactly(1, granted({ term: 1, replaced: null })),
        exactly(1, granted({ replaced: null })),
        exactly(2, granted()),
      ),
    ],
  }),
  scenario({
    title: 'two simultaneous starts are both told that they replaced a session when a third device had the key',
    about: 'Note S1, edge case 3: this is the case in which both messages are true.',
    proves: ['P1', 'P9'],
    policy: s1,
    cast,
    steps: ({ a, b, c }) => [
      at('0s', c.starts(), granted()),
      at(
        '10s',
        together(a.starts(), b.starts()),
        exactly(1, granted({ replaced: 'device C' })),
        exactly(0, granted({ replaced: null })),
        exactly(2, granted()),
      ),
      at('30s', c.heartbeats(), gone()),
      at('31s', c.asksStatus(), active()),
    ],
  }),
  scenario({
    title: 'of three simultaneous starts one ends as holder, and each of the others is gone',
    about: 'Note S1, edge case 3 with one device more.',
    proves: ['P1', 'P4', 'P9'],
    policy: s1,
    cast,
    steps: ({ a, b, c }) => [
      at(
        '0s',
        together(a.starts(), b.starts(), c.starts()),
        exactly(3, granted()),
        exactly(1, granted({ replaced: null })),
      ),
      at(
        '30s',
        together(a.heartbeats(), b.heartbeats(), c.heartbeats()),
        exactly(1, renewed()),
        exactly(1, gone('replaced')),
        exactly(1, gone('unknown')),
      ),
    ],
  }),
];

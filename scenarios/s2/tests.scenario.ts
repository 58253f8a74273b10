/** The three tests that note S2 gives to verify its fix. */
import { at, device, every, granted, refused, renewed, s2, scenario } from 'seatproof';

const cast = { a: device('device A'), b: device('device B') };
const symbol = 'ES';

export default [
  scenario({
    title: 'a bot sends heartbeats every 20 s for ten minutes, and none of them fails',
    about: 'Note S2, test 1.',
    proves: ['P5', 'P6'],
    policy: s2,
    cast,
    steps: ({ a }) => [
      at('0s', a.starts({ symbol }), granted()),
      every('20s', { from: '20s', to: '600s' }, a.heartbeats({ symbol }), renewed()),
    ],
  }),
  scenario({
    title: 'a login on device B meets a conflict after more than 61 s of heartbeats from device A',
    about: 'Note S2, test 2.',
    proves: ['P1', 'P12'],
    policy: s2,
    cast,
    steps: ({ a, b }) => [
      at('0s', a.starts({ symbol }), granted()),
      every('20s', { from: '20s', to: '80s' }, a.heartbeats({ symbol }), renewed()),
      at('85s', b.starts({ symbol }), refused('other-device', { holder: 'device A', retryAfter: '55s' })),
    ],
  }),
  scenario({
    title: 'a login on device B succeeds 61 s after the bot on device A stopped without a word',
    about: 'Note S2, test 3. Counted from the last heartbeat, so between 61 s and 41 s after the bot itself stopped.',
    proves: ['P1', 'P12', 'P14'],
    policy: s2,
    cast,
    steps: ({ a, b }) => [
      at('0s', a.starts({ symbol }), granted()),
      every('20s', { from: '20s', to: '80s' }, a.heartbeats({ symbol }), renewed()),
      at('80s', a.crashes()),
      at('139.999s', b.starts({ symbol }), refused('other-device', { retryAfter: '1ms' })),
      at('141s', b.starts({ symbol }), granted({ replaced: null })),
    ],
  }),
];

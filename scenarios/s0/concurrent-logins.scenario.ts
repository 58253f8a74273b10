/** Logins at the very same moment: note S0 tells of concurrent logins, and never of two whose requests overlap. */
import { at, device, exactly, granted, refused, renewed, s0, scenario, together } from 'seatproof';

const refusal = refused('other-device', { retryAfter: '120.001s' });

export default [
  scenario({
    title:
      'S0: of two devices that log in at the same moment exactly one gets in, and the other is told the whole wait',
    about: 'Note S0, flow 3, with both requests under way at once.',
    proves: ['P1', 'P9', 'P12'],
    policy: s0,
    cast: { a: device('device 1'), b: device('device 2') },
    steps: ({ a, b }) => [
      at('0s', together(a.starts(), b.starts()), exactly(1, granted({ term: 1 })), exactly(1, refusal)),
    ],
  }),
  scenario({
    title: 'S0: of two devices that log in when a stale session is just due, the one that clears it has the license',
    about: 'Note S0 clears stale sessions on login. Clearing and taking are one step, or both would get in.',
    proves: ['P1', 'P9', 'P14'],
    policy: s0,
    cast: { bot: device('device 1'), a: device('device 2'), b: device('device 3') },
    steps: ({ bot, a, b }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('1s', bot.crashes()),
      at('120.001s', together(a.starts(), b.starts()), exactly(1, granted({ term: 2 })), exactly(1, refusal)),
    ],
  }),
  scenario({
    title: 'S0: a launcher and its bot that log in at the same moment share one session',
    about: 'Note S0: launcher and bot work together, whichever of them comes first.',
    proves: ['P1', 'P13'],
    policy: s0,
    cast: { launcher: device('laptop'), bot: device('laptop') },
    steps: ({ launcher, bot }) => [
      at(
        '0s',
        together(launcher.starts(), bot.starts()),
        exactly(2, granted({ term: 1, replaced: null })),
        exactly(1, granted({ sameSession: true })),
      ),
      at('30s', bot.heartbeats(), renewed()),
      at('31s', launcher.heartbeats(), renewed()),
    ],
  }),
];

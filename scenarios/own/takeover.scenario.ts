/** Taking over a session that the user has seen: named by its term, with a grace in which its holder can stop. */
import { active, at, device, ended, gone, granted, idle, recommended, refused, renewed, scenario } from 'seatproof';

const cast = { bot: device('laptop'), rival: device('desktop') };

export default [
  scenario({
    title: 'a refused rival reads who has the license, how long it may take, and that it can take over',
    about: 'The policy asks before it takes anything from anyone.',
    proves: ['P1', 'P12'],
    policy: recommended,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at(
        '10s',
        rival.starts(),
        refused('other-device', {
          holder: 'laptop',
          retryAfter: '50s',
          notice:
            'License in use on another device. Close it there and start again; if that device has stopped responding, the license becomes available in 50 seconds. You can also end that session and continue here.',
        }),
      ),
    ],
  }),
  scenario({
    title: 'a victim that learns of the takeover ends its session, and the rival need not wait out the grace',
    about: 'The grace is there for a victim that cannot be reached; one that answers cuts it short.',
    proves: ['P1', 'P4', 'P16'],
    policy: recommended,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('10s', rival.starts(), refused('other-device', { holder: 'laptop' })),
      at('12s', rival.takesOver(), refused('grace', { holder: 'laptop', retryAfter: '48s' })),
      at('20s', bot.heartbeats(), gone('replaced', { by: 'desktop' })),
      at('21s', bot.ends(), ended()),
      at('21s', rival.asksStatus(), idle({ retryAfter: '0s' })),
      at('22s', rival.starts(), granted({ term: 2, replaced: null })),
      at('42s', rival.heartbeats(), renewed()),
    ],
  }),
  scenario({
    title: 'after a takeover from a silent victim the rival waits until the victim would have expired, not longer',
    about: 'The victim stops by its own fence before that; the grace keeps two devices from working at once.',
    proves: ['P1', 'P4', 'P15'],
    policy: recommended,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('30s', rival.starts(), refused('other-device', { retryAfter: '30s' })),
      at('31s', rival.takesOver(), refused('grace', { retryAfter: '29s' })),
      at('59.999s', rival.starts(), refused('grace', { retryAfter: '1ms' })),
      at('60s', rival.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
  scenario({
    title: 'a victim cannot take the license back during the grace, nor keep it by heartbeats',
    about: 'Otherwise the two would go on revoking each other.',
    proves: ['P1', 'P4'],
    policy: recommended,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('10s', rival.starts(), refused('other-device')),
      at('11s', rival.takesOver(), refused('grace', { retryAfter: '49s' })),
      at('20s', bot.heartbeats(), gone('replaced', { by: 'desktop' })),
      at('25s', bot.starts(), refused('grace', { retryAfter: '35s' })),
      at('30s', bot.heartbeats(), gone('replaced', { by: 'desktop' })),
      at('60s', rival.starts(), granted({ term: 2 })),
      at('61s', bot.starts(), refused('other-device', { holder: 'desktop' })),
    ],
  }),
  scenario({
    title: 'a takeover hits only the session that the user was shown',
    about: 'The term that the user agreed to end is over; the one that runs now is somebody else who must not be hit.',
    proves: ['P1', 'P5', 'P12'],
    policy: recommended,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('10s', rival.starts(), refused('other-device', { holder: 'laptop' })),
      at('12s', bot.ends(), ended()),
      at('14s', bot.starts(), granted({ term: 2 })),
      at('15s', rival.takesOver(), refused('other-device', { holder: 'laptop', retryAfter: '59s' })),
      at('34s', bot.heartbeats(), renewed()),
      at('35s', rival.asksStatus(), active({ holder: 'laptop' })),
    ],
  }),
  scenario({
    title: 'a takeover of a session that expired meanwhile is an ordinary start',
    about: 'A user who thinks for a minute before agreeing.',
    proves: ['P1', 'P13'],
    policy: recommended,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('20s', rival.starts(), refused('other-device')),
      at('61s', rival.takesOver(), granted({ term: 2, replaced: null })),
    ],
  }),
];

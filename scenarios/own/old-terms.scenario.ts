/** Messages that name a term of the past: late releases and late heartbeats. They change nothing. */
import {
  active,
  at,
  device,
  ended,
  exactly,
  gone,
  granted,
  idle,
  recommended,
  renewed,
  scenario,
  together,
} from 'seatproof';

export default [
  scenario({
    title: 'a late release of an old term does not end the newer session of the same process',
    about: 'The release was long under way; meanwhile the process started anew.',
    proves: ['P1', 'P16'],
    policy: recommended,
    cast: { bot: device('laptop') },
    steps: ({ bot }) => [
      at('0s', bot.starts(), granted({ term: 1 })),
      at('10s', bot.starts(), granted({ term: 2, replaced: 'laptop', sameSession: false })),
      at('11s', bot.ends({ of: 'previous' }), gone('replaced', { by: 'laptop' })),
      at('12s', bot.asksStatus(), active({ holder: 'laptop' })),
      at('30s', bot.heartbeats(), renewed()),
    ],
  }),
  scenario({
    title: 'a late release of an old term does not end the session of another device',
    about: 'A laptop wakes after an hour and releases what it had before it slept.',
    proves: ['P1', 'P16'],
    policy: recommended,
    cast: { sleeper: device('laptop'), other: device('desktop') },
    steps: ({ sleeper, other }) => [
      at('0s', sleeper.starts(), granted({ term: 1 })),
      at('3590s', other.starts(), granted({ term: 2, replaced: null })),
      at('3600s', sleeper.ends(), gone('expired', { by: 'desktop' })),
      at('3601s', sleeper.asksStatus(), active({ holder: 'desktop' })),
      at('3610s', other.heartbeats(), renewed()),
    ],
  }),
  scenario({
    title: 'a heartbeat of the term before last is unknown',
    about: 'The server remembers one predecessor. For anything older it only knows that it is over.',
    proves: ['P4'],
    policy: recommended,
    cast: { old: device('laptop'), bot: device('laptop') },
    steps: ({ old, bot }) => [
      at('0s', old.starts(), granted({ term: 1 })),
      at('1s', bot.starts(), granted({ term: 2, replaced: 'laptop' })),
      at('2s', bot.starts(), granted({ term: 3, replaced: 'laptop' })),
      at('3s', old.heartbeats(), gone('unknown', { by: null })),
    ],
  }),
  scenario({
    title: 'a heartbeat and the release of one session at the same moment leave it released',
    about: 'Whichever comes first: a heartbeat under way must not undo a release.',
    proves: ['P4', 'P16'],
    policy: recommended,
    cast: { bot: device('laptop'), other: device('desktop') },
    steps: ({ bot, other }) => [
      at('0s', bot.starts(), granted()),
      at('20s', together(bot.heartbeats(), bot.ends()), exactly(1, ended())),
      at('20s', other.asksStatus(), idle({ retryAfter: '0s' })),
      at('20.001s', other.starts(), granted({ term: 2, replaced: null })),
    ],
  }),
];

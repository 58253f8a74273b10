/** Licenses that nobody bought, and licenses that have nothing to do with each other. */
import { at, device, ended, failed, granted, recommended, refused, renewed, scenario } from 'seatproof';

export default [
  scenario({
    title: 'a start on a license that nobody bought fails and says so',
    about: 'It is no refusal: waiting would not help. Names that begin with "unsold" are unknown to the server.',
    policy: recommended,
    cast: { bot: device('laptop') },
    steps: ({ bot }) => [
      at('0s', bot.starts({ license: 'unsold 1' }), failed('unknown-license')),
      at('1s', bot.retriesStart({ license: 'unsold 1' }), failed('unknown-license')),
      at('2s', bot.starts({ license: 'sold 1' }), granted({ term: 1 })),
    ],
  }),
  scenario({
    title: 'two licenses do not know of each other',
    about: 'A session counts for its own license only, whoever has the other one.',
    proves: ['P1', 'P16'],
    policy: recommended,
    cast: { bot: device('laptop'), other: device('desktop') },
    steps: ({ bot, other }) => [
      at('0s', bot.starts({ license: 'first' }), granted()),
      at('1s', other.starts({ license: 'second' }), granted()),
      at('2s', other.starts({ license: 'first' }), refused('other-device', { holder: 'laptop' })),
      at('3s', bot.starts({ license: 'second' }), refused('other-device', { holder: 'desktop' })),
      at('10s', bot.ends({ license: 'first' }), ended()),
      at('21s', other.heartbeats({ license: 'second' }), renewed()),
    ],
  }),
];

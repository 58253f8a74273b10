/** Commands that took effect while their answer was lost: the caller knows nothing, and may ask again. No note covers this. */
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
  refused,
  renewed,
  scenario,
  together,
} from 'seatproof';

const cast = { bot: device('laptop'), rival: device('desktop') };

export default [
  scenario({
    title: 'a start whose answer was lost yields that same session when it is sent again',
    about: 'Without this a client on a bad network would be refused because of itself.',
    proves: ['P1', 'P13', 'P20'],
    policy: recommended,
    cast,
    steps: ({ bot }) => [
      at('0s', bot.starts({ answer: 'lost' }), granted({ term: 1, sameSession: false })),
      at('5s', bot.retriesStart(), granted({ term: 1, sameSession: true, replaced: null })),
      at('20s', bot.heartbeats(), renewed()),
    ],
  }),
  scenario({
    title: 'a rival that asks between a lost answer and the retry is refused, and the retry still succeeds',
    about: 'The license was granted the moment the server wrote it down, not when the client heard of it.',
    proves: ['P1', 'P12', 'P20'],
    policy: recommended,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts({ answer: 'lost' }), granted()),
      at('2s', rival.starts(), refused('other-device', { holder: 'laptop', retryAfter: '58s' })),
      at('5s', bot.retriesStart(), granted({ term: 1, sameSession: true })),
    ],
  }),
  scenario({
    title: 'two copies of one start that arrive at once yield one session',
    about: 'A client that retries while its first request is still under way.',
    proves: ['P1', 'P20'],
    policy: recommended,
    cast,
    steps: ({ bot }) => [
      at('0s', bot.starts({ answer: 'lost' }), granted({ term: 1 })),
      at('5s', together(bot.retriesStart(), bot.retriesStart()), exactly(2, granted({ term: 1, sameSession: true }))),
    ],
  }),
  scenario({
    title: 'a heartbeat whose answer was lost counts all the same',
    about: 'The server goes by what it wrote; the client, which does not know, stops early rather than late.',
    proves: ['P5', 'P6', 'P12'],
    policy: recommended,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('20s', bot.heartbeats({ answer: 'lost' }), renewed({ expiry: '80s' })),
      at('79.999s', rival.starts(), refused('other-device', { retryAfter: '1ms' })),
      at('80s', rival.starts(), granted()),
    ],
  }),
  scenario({
    title: 'an end whose answer was lost can be sent again',
    about: 'Ending is idempotent, so a client that does not know whether it ended just ends.',
    proves: ['P15', 'P16'],
    policy: recommended,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('10s', bot.ends({ answer: 'lost' }), ended()),
      at('15s', bot.ends(), ended()),
      at('15s', rival.asksStatus(), idle({ retryAfter: '0s' })),
    ],
  }),
  scenario({
    title: 'a late copy of a start does not bring back the session that its client has ended',
    about: 'A request can be under way for longer than its session lived.',
    proves: ['P4', 'P16'],
    policy: recommended,
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('10s', bot.ends(), ended()),
      at('11s', bot.retriesStart(), gone('ended', { by: null })),
      at('12s', rival.asksStatus(), idle({ retryAfter: '0s' })),
      at('13s', rival.starts(), granted({ term: 2 })),
      at('14s', bot.asksStatus(), active({ holder: 'desktop' })),
    ],
  }),
];

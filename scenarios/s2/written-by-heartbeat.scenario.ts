/** The heartbeat of note S2 creates or updates its row. So it also brings back a row that its own bot has given up. */
import { active, at, device, ended, gone, granted, idle, refused, renewed, s2, scenario } from 'seatproof';

const symbol = 'ES';

export default [
  scenario({
    title: 'S2: a heartbeat that creates the row it does not find locks others out for a bot that has stopped',
    about: 'Note S2, fix 1: table and row are made where they are missing. Nobody asks whether they should be there.',
    breaks: ['P4', 'P13', 'P15', 'P16', 'P17', 'P22'],
    design: 's2-after',
    cast: { bot: device('device A'), rival: device('device B') },
    steps: ({ bot, rival }) => [
      at('0s', bot.starts({ symbol }), granted()),
      at('10s', bot.ends({ symbol }), ended()),
      at('11s', rival.asksStatus({ symbol }), idle({ retryAfter: '0s' })),
      // Sent before the end, and late on its way.
      at('12s', bot.heartbeats({ symbol }), renewed()),
      at('13s', rival.asksStatus({ symbol }), active({ holder: 'device A' })),
      at('14s', rival.starts({ symbol }), refused('other-device', { holder: 'device A' })),
    ],
  }),
  scenario({
    title: 'S2: a heartbeat that only renews its own session leaves a released seat released',
    about: 'Beside note S2: the same messages under rules that know whose session a heartbeat is for.',
    proves: ['P4', 'P16', 'P22'],
    policy: s2,
    cast: { bot: device('device A'), rival: device('device B') },
    steps: ({ bot, rival }) => [
      at('0s', bot.starts({ symbol }), granted()),
      at('10s', bot.ends({ symbol }), ended()),
      at('12s', bot.heartbeats({ symbol }), gone('ended')),
      at('14s', rival.starts({ symbol }), granted({ replaced: null })),
    ],
  }),
];

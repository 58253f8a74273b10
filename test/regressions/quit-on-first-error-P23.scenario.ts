/** quit-on-first-error breaks P23 few false expiries. Found by a campaign. */
import { at, client, network, scenario } from 'seatproof';

export default scenario({
  title:
    'quit-on-first-error: laptop (term 1) gave its session up although only one of its heartbeats went without an answer in time',
  breaks: ['P23'],
  design: 'quit-on-first-error',
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [at('0s', bot.starts()), at('20s', network.cuts(bot, { for: '2s' }))],
  until: '25s',
});

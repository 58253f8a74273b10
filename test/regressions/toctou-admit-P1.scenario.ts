/** toctou-admit breaks P1 one holder, P9 one takeover winner, P12 no early expiry, P17 one boundary. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 'toctou-admit: desktop was granted term 2 while laptop (term 1) held license L1',
  breaks: ['P1', 'P9', 'P12', 'P17'],
  design: 'toctou-admit',
  storeLatency: '20ms',
  cast: { bot: client('laptop'), rival: client('desktop') },
  steps: ({ bot, rival }) => [at('0s', bot.starts()), at('0s', rival.starts())],
  until: '40ms',
});

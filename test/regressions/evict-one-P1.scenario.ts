/** evict-one breaks P1 one holder, P9 one takeover winner, P12 no early expiry, P17 one boundary. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 'evict-one: laptop was granted term 2 while laptop (term 1) held license L1',
  breaks: ['P1', 'P9', 'P12', 'P17'],
  design: 'evict-one',
  storeLatency: '20ms',
  cast: { bot: client('laptop'), launcher: client('laptop') },
  steps: ({ bot, launcher }) => [at('0s', launcher.starts()), at('0s', bot.starts())],
  until: '40ms',
});

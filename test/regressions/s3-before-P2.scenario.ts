/** s3-before breaks P1 one holder, P2 one worker, P9 one takeover winner, P12 no early expiry, P17 one boundary, P23 few false expiries. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 's3-before: laptop and desktop worked at once on license L1 for 30.02s',
  breaks: ['P1', 'P2', 'P9', 'P12', 'P17', 'P23'],
  design: 's3-before',
  storeLatency: '20ms',
  cast: { bot: client('laptop'), rival: client('desktop') },
  steps: ({ bot, rival }) => [at('0s', bot.starts()), at('0s', rival.starts())],
  until: '180.001s',
});

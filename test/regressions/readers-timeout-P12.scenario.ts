/** readers-timeout breaks P12 no early expiry, P17 one boundary, P23 few false expiries. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 'readers-timeout: a heartbeat treated laptop (term 1) as expired at an age of 20s',
  breaks: ['P12', 'P17', 'P23'],
  design: 'readers-timeout',
  servers: 2,
  cast: { bot: client('laptop'), rival: client('desktop') },
  steps: ({ bot, rival }) => [at('0s', bot.starts()), at('0s', rival.starts())],
  until: '20s',
});

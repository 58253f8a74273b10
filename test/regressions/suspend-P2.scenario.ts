/** suspend breaks P2 one worker. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 'suspend: laptop and desktop worked at once on license L1 for 15s',
  breaks: ['P2'],
  design: 'suspend',
  cast: { bot: client('laptop'), rival: client('desktop') },
  steps: ({ bot, rival }) => [at('0s', bot.starts()), at('2s', bot.sleeps('55s')), at('1m', rival.starts())],
  until: '330s',
});

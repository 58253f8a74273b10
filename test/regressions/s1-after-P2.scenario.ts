/** s1-after breaks P2 one worker. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 's1-after: laptop and desktop worked at once on license L1 for 30s',
  breaks: ['P2'],
  design: 's1-after',
  cast: { bot: client('laptop'), rival: client('desktop') },
  steps: ({ bot, rival }) => [at('0s', bot.starts()), at('0s', rival.starts())],
  until: '8m',
});

/** s1-before breaks P2 one worker, P10 victim learns. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 's1-before: laptop and desktop worked at once on license L1 for 8m, until the run ended',
  breaks: ['P2', 'P10'],
  design: 's1-before',
  cast: { bot: client('laptop'), rival: client('desktop') },
  steps: ({ bot, rival }) => [at('0s', bot.starts()), at('0s', rival.starts())],
  until: '8m',
});

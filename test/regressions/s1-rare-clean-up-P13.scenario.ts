/** s1-rare-clean-up breaks P11 no orphan, P13 no false lock-out, P15 honest wait, P17 one boundary. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 's1-rare-clean-up: desktop was locked out by laptop (term 1), silent since 0s',
  breaks: ['P11', 'P13', 'P15', 'P17'],
  design: 's1-rare-clean-up',
  cast: { bot: client('laptop'), rival: client('desktop') },
  steps: ({ bot, rival }) => [at('0s', bot.starts()), at('0s', bot.crashes()), at('1m', rival.starts())],
});

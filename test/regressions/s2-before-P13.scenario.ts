/** s2-before breaks P4 no resurrection, P13 no false lock-out, P15 honest wait, P16 scoped release, P22 one meaning of null. Found by a campaign. */
import { at, client, network, scenario } from 'seatproof';

export default scenario({
  title: 's2-before: desktop was locked out by laptop (term 1), which had been ended',
  breaks: ['P4', 'P13', 'P15', 'P16', 'P22'],
  design: 's2-before',
  cast: { bot: client('laptop'), rival: client('desktop') },
  steps: ({ bot, rival }) => [
    at('0s', bot.starts({ symbol: 'EURUSD' })),
    at('5s', network.slows(bot, '2m', { for: '20s' })),
    at('65s', bot.stops()),
    at('145s', rival.starts({ symbol: 'EURUSD' })),
  ],
});

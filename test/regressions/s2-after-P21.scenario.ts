/** s2-after breaks P21 scope sums. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title:
    's2-after: license L1 had 2 live sessions and its limit is 1: laptop on EURUSD of license L1, tablet on GBPUSD of license L1',
  breaks: ['P21'],
  design: 's2-after',
  cast: { bot: client('laptop'), fourth: client('tablet') },
  steps: ({ bot, fourth }) => [
    at('0s', bot.starts({ symbol: 'EURUSD' })),
    at('0s', fourth.starts({ symbol: 'GBPUSD' })),
  ],
});

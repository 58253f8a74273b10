/** s2-after breaks P1 one holder, P2 one worker, P4 no resurrection, P9 one takeover winner, P12 no early expiry, P17 one boundary. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 's2-after: laptop and desktop worked at once on GBPUSD of license L1 for 149.991s, until the run ended',
  breaks: ['P1', 'P2', 'P4', 'P9', 'P12', 'P17'],
  design: 's2-after',
  storeLatency: '5ms',
  cast: { launcher: client('laptop'), rival: client('desktop') },
  steps: ({ launcher, rival }) => [
    at('0s', launcher.starts({ symbol: 'GBPUSD' })),
    at('0s', rival.starts({ symbol: 'GBPUSD' })),
  ],
  until: '150.001s',
});

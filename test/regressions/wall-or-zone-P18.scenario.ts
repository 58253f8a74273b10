/** wall-or-zone breaks P1 one holder, P9 one takeover winner, P12 no early expiry, P17 one boundary, P18 clock-proof, P20 idempotent start. Found by a campaign. */
import { at, client, network, scenario } from 'seatproof';

export default scenario({
  title: 'wall-or-zone: laptop was granted term 2 while laptop (term 1) held license L1',
  breaks: ['P1', 'P9', 'P12', 'P17', 'P18', 'P20'],
  design: 'wall-or-zone',
  servers: 3,
  clocks: { 'server 3': { offset: '24h' } },
  cast: { bot: client('laptop'), third: client('tablet') },
  steps: ({ bot, third }) => [
    at('0s', bot.starts()),
    at('0s', network.cuts(bot, { for: '2s' })),
    at('0s', third.starts()),
  ],
  until: '5s',
});

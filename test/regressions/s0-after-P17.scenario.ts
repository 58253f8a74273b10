/** s0-after breaks P17 one boundary. Found by a campaign. */
import { at, client, network, scenario } from 'seatproof';

export default scenario({
  title: 's0-after: a heartbeat treated laptop (term 1) as live at an age of 120.002s',
  breaks: ['P17'],
  design: 's0-after',
  latency: '50ms',
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [
    at('0s', bot.starts()),
    at('0s', network.slows(bot, '89.902s', { messages: 'requests', for: '2m' })),
  ],
  until: '120.052s',
});

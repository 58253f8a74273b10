/** s3-after breaks P17 one boundary. Found by a campaign. */
import { at, client, network, scenario } from 'seatproof';

export default scenario({
  title: 's3-after: a heartbeat treated laptop (term 1) as live at an age of 40s',
  breaks: ['P17'],
  design: 's3-after',
  latency: '50ms',
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [
    at('0s', bot.starts()),
    at('0s', network.slows(bot, '19.9s', { messages: 'requests', for: '40s' })),
  ],
  until: '40.05s',
});

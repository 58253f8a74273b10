/** s3-before breaks P17 one boundary. Found by a campaign. */
import { at, client, network, scenario } from 'seatproof';

export default scenario({
  title: 's3-before: a heartbeat treated laptop (term 1) as live at an age of 1m',
  breaks: ['P17'],
  design: 's3-before',
  latency: '50ms',
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [
    at('0s', bot.starts()),
    at('0s', network.slows(bot, '29.9s', { messages: 'requests', for: '1m' })),
  ],
  until: '60.05s',
});

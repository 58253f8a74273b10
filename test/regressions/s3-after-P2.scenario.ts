/** s3-after breaks P2 one worker. Found by a campaign. */
import { at, client, scenario, store } from 'seatproof';

export default scenario({
  title: 's3-after: laptop and tablet worked at once on license L1 for 5.2s',
  breaks: ['P2'],
  design: 's3-after',
  latency: '100ms',
  cast: { bot: client('laptop'), fourth: client('tablet') },
  steps: ({ bot, fourth }) => [
    at('0s', bot.starts()),
    at('5s', store.fails('outage', { for: '1m' })),
    at('65s', fourth.starts()),
  ],
  until: '195s',
});

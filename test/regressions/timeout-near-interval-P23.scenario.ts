/** timeout-near-interval breaks P23 few false expiries. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title:
    'timeout-near-interval: laptop (term 1) had to stop by its fence although only one of its heartbeats went without an answer in time',
  breaks: ['P23'],
  design: 'timeout-near-interval',
  latency: '500ms',
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [at('0s', bot.starts())],
  until: '20.9s',
});

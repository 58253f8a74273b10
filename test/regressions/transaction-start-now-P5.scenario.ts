/** transaction-start-now breaks P5 durable heartbeat, P17 one boundary. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title:
    'transaction-start-now: the store dates the last heartbeat of laptop (term 1) 20.1s, earlier than the one acknowledged at 20.2s',
  breaks: ['P5', 'P17'],
  design: 'transaction-start-now',
  storeLatency: '100ms',
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [at('0s', bot.starts())],
  until: '20.2s',
});

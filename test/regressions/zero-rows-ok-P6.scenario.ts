/** zero-rows-ok breaks P5 durable heartbeat, P6 honest acknowledgement, P17 one boundary. Found by a campaign. */
import { at, client, scenario, store } from 'seatproof';

export default scenario({
  title: 'zero-rows-ok: laptop (term 1) was acknowledged at 60s, and its row still says 0s',
  breaks: ['P5', 'P6', 'P17'],
  design: 'zero-rows-ok',
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [at('0s', bot.starts()), at('2s', store.fails('outage', { for: '55s' }))],
  until: '77.654s',
});

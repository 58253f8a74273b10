/** s2-swallowed breaks P5 durable heartbeat, P6 honest acknowledgement, P24 database outage. Found by a campaign. */
import { at, client, scenario, store } from 'seatproof';

export default scenario({
  title: 's2-swallowed: laptop (term 1) was acknowledged at 20s, and its row still says 0s',
  breaks: ['P5', 'P6', 'P24'],
  design: 's2-swallowed',
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [at('0s', bot.starts()), at('2s', store.fails('outage', { for: '20s' }))],
  until: '37.05s',
});

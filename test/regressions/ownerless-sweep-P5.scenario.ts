/** ownerless-sweep breaks P5 durable heartbeat, P7 read your writes. Found by a campaign. */
import { at, client, scenario, server } from 'seatproof';

export default scenario({
  title: 'ownerless-sweep: laptop (term 1) lost the seat 20s after an acknowledged heartbeat',
  breaks: ['P5', 'P7'],
  design: 'ownerless-sweep',
  servers: 2,
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [at('0s', bot.starts()), at('20s', server.crashes({ for: '2s' }))],
  until: '40s',
});

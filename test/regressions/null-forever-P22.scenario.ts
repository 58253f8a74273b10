/** null-forever breaks P22 one meaning of null. Found by a campaign. */
import { at, client, scenario, store } from 'seatproof';

export default scenario({
  title: 'null-forever: the store holds the session of laptop (term 1) as held without a heartbeat',
  breaks: ['P22'],
  design: 'null-forever',
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [at('0s', bot.starts()), at('0s', store.fails('outcome-unknown', { for: '2s' }))],
});

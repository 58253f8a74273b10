/** s1-rare-clean-up breaks P17 one boundary. Found by a campaign. */
import { at, client, scenario, store } from 'seatproof';

export default scenario({
  title: 's1-rare-clean-up: a start treated laptop (term 1) as live at an age of 1m',
  breaks: ['P17'],
  design: 's1-rare-clean-up',
  cast: { bot: client('laptop'), launcher: client('laptop') },
  steps: ({ bot, launcher }) => [
    at('0s', bot.starts()),
    at('2s', store.fails('outage', { for: '55s' })),
    at('1m', launcher.starts()),
  ],
});

/** write-after-end breaks P4 no resurrection, P16 scoped release. Found by a campaign. */
import { at, client, network, scenario } from 'seatproof';

export default scenario({
  title: 'write-after-end: a heartbeat of session bot-1 (term 1) was renewed although the session was over',
  breaks: ['P4', 'P16'],
  design: 'write-after-end',
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [
    at('0s', bot.starts()),
    at('0s', network.slows(bot, '20s', { messages: 'requests', for: '80s' })),
    at('80s', bot.stops()),
  ],
  until: '90s',
});

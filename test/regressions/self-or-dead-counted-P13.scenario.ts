/** self-or-dead-counted breaks P13 no false lock-out, P15 honest wait, P17 one boundary. Found by a campaign. */
import { at, client, network, scenario } from 'seatproof';

export default scenario({
  title: 'self-or-dead-counted: laptop was locked out by a session of its own (term 1)',
  breaks: ['P13', 'P15', 'P17'],
  design: 'self-or-dead-counted',
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [
    at('0s', bot.starts()),
    at('0s', network.slows(bot, '55s', { messages: 'requests', for: '55s' })),
    at('3m', bot.starts()),
  ],
});

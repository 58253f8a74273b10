/** s3-before breaks P4 no resurrection, P13 no false lock-out, P15 honest wait, P16 scoped release, P22 one meaning of null. Found by a campaign. */
import { at, client, network, scenario } from 'seatproof';

export default scenario({
  title: 's3-before: laptop was locked out by a session of its own (term 1)',
  breaks: ['P4', 'P13', 'P15', 'P16', 'P22'],
  design: 's3-before',
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [
    at('0s', bot.starts()),
    at('5s', network.slows(bot, '2m', { for: '30s' })),
    at('65s', bot.stops()),
    at('3m', bot.starts()),
  ],
});

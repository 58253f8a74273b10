/** s3-wait-text breaks P15 honest wait. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 's3-wait-text: desktop was shown a wait of 40 seconds beside an announced wait of 1m',
  breaks: ['P15'],
  design: 's3-wait-text',
  cast: { bot: client('laptop'), rival: client('desktop') },
  steps: ({ bot, rival }) => [at('0s', bot.starts()), at('0s', rival.starts())],
});

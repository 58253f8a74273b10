/** s3-after breaks P13 no false lock-out. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 's3-after: laptop was locked out by a session of its own (term 1)',
  breaks: ['P13'],
  design: 's3-after',
  cast: { bot: client('laptop'), launcher: client('laptop') },
  steps: ({ bot, launcher }) => [at('0s', bot.starts()), at('0s', launcher.starts())],
});

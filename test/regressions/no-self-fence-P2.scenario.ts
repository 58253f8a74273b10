/** no-self-fence breaks P2 one worker. Found by a campaign. */
import { at, client, scenario, server } from 'seatproof';

export default scenario({
  title: 'no-self-fence: desktop and laptop worked at once on license L1 for 8s',
  breaks: ['P2'],
  design: 'no-self-fence',
  cast: { bot: client('laptop'), rival: client('desktop') },
  steps: ({ bot, rival }) => [
    at('0s', rival.starts()),
    at('2s', server.crashes({ for: '70s' })),
    at('62s', bot.starts()),
  ],
  until: '425.661s',
});

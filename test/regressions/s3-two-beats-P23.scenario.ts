/** s3-two-beats breaks P23 few false expiries. Found by a campaign. */
import { at, client, network, scenario } from 'seatproof';

export default scenario({
  title:
    's3-two-beats: laptop (term 1) had to stop by its fence although only one of its heartbeats went without an answer in time',
  breaks: ['P23'],
  design: 's3-two-beats',
  cast: { bot: client('laptop') },
  steps: ({ bot }) => [at('0s', bot.starts()), at('20s', network.cuts(bot, { for: '20s' }))],
  until: '37s',
});

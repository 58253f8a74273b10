/** release-vs-renew breaks P4 no resurrection. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 'release-vs-renew: the store holds license L1 for tablet (term 2) although that session was over',
  breaks: ['P4'],
  design: 'release-vs-renew',
  cast: { rival: client('desktop'), third: client('tablet') },
  steps: ({ rival, third }) => [
    at('0s', rival.starts()),
    at('0s', third.starts()),
    at('0s', third.hangs('2m')),
    at('1m', rival.hangs('1m')),
  ],
  until: '2m',
});

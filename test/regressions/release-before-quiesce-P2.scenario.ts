/** release-before-quiesce breaks P2 one worker. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 'release-before-quiesce: laptop and desktop worked at once on license L1 for 1s',
  breaks: ['P2'],
  design: 'release-before-quiesce',
  stopTime: '1s',
  cast: { launcher: client('laptop'), rival: client('desktop') },
  steps: ({ launcher, rival }) => [at('0s', launcher.starts()), at('2s', launcher.stops()), at('2s', rival.starts())],
  until: '212.001s',
});

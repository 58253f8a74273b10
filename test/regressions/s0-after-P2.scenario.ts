/** s0-after breaks P2 one worker. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 's0-after: tablet and laptop worked at once on license L1 for 25s',
  breaks: ['P2'],
  design: 's0-after',
  cast: { launcher: client('laptop'), third: client('tablet') },
  steps: ({ launcher, third }) => [
    at('0s', launcher.starts()),
    at('5s', launcher.sleeps('2m')),
    at('125s', third.starts()),
  ],
  until: '365s',
});

/** s0-before breaks P2 one worker. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 's0-before: tablet and laptop worked at once on license L1 for 25s',
  breaks: ['P2'],
  design: 's0-before',
  cast: { launcher: client('laptop'), third: client('tablet') },
  steps: ({ launcher, third }) => [
    at('0s', launcher.starts()),
    at('5s', launcher.sleeps('2m')),
    at('125s', third.starts()),
  ],
  until: '365s',
});

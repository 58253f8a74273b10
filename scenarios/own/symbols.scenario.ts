/** Where a license has one seat, the symbol that is worked on makes no difference. */
import { at, device, granted, recommended, refused, scenario } from 'seatproof';

export default scenario({
  title: 'a license with one seat is taken whatever symbol the rival names',
  about: 'Otherwise naming a symbol would be a way round the limit.',
  proves: ['P1', 'P12'],
  policy: recommended,
  cast: { bot: device('laptop'), rival: device('desktop') },
  steps: ({ bot, rival }) => [
    at('0s', bot.starts({ symbol: 'ES' }), granted()),
    at('10s', rival.starts({ symbol: 'NQ' }), refused('other-device', { holder: 'laptop', retryAfter: '50s' })),
  ],
});

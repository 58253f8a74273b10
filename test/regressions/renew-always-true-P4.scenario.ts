/** renew-always-true breaks P1 one holder, P4 no resurrection, P6 honest acknowledgement. Found by a campaign. */
import { at, client, scenario } from 'seatproof';

export default scenario({
  title: 'renew-always-true: a heartbeat of session bot-1 (term 1) was renewed although the session was over',
  breaks: ['P1', 'P4', 'P6'],
  design: 'renew-always-true',
  cast: { bot: client('laptop'), launcher: client('laptop') },
  steps: ({ bot, launcher }) => [at('0s', bot.starts()), at('0s', launcher.starts())],
  until: '20s',
});

/** What the systems of the notes break, each told by the shortest schedule that shows it. */
import type { Action } from '../../src/world/script.ts';
import { starts, stops } from '../world/script-of.ts';
import { asks, crashes, cut, disturbed, lasting, ms, serverCrashes, type Schedule } from './schedule.ts';

interface Row {
  readonly says: string;
  /** S0 to S3. */
  readonly system: string;
  readonly schedule: Schedule;
  /** The laws that it breaks before its fix, and after it. */
  readonly before: string;
  readonly after: string;
}

const LAUNCHER_AND_BOT = { launcher: 'laptop', bot: 'laptop', desktop: 'desktop' };

const startsOn = (actor: string, symbol: string): Action => ({
  type: 'user-starts',
  actor,
  scope: { license: 'L1', symbol },
  takeOver: false,
});

export const ROWS: readonly Row[] = [
  {
    says: 'the bot is locked out by its own launcher',
    system: 's0',
    schedule: {
      cast: LAUNCHER_AND_BOT,
      happenings: [
        ['0s', starts('launcher')],
        ['5s', starts('bot')],
      ],
      until: '10s',
    },
    before: 'P13',
    after: '',
  },
  {
    says: 'two logins find the row free, and both claim it',
    system: 's0',
    schedule: { happenings: [['0s', starts('laptop'), starts('desktop')]], until: '10s' },
    before: 'P1 P2 P9 P12 P17',
    after: 'P1 P2 P9 P12 P17',
  },
  {
    says: 'who is cut off works on while another device is let in',
    system: 's0',
    schedule: {
      happenings: [
        ['0s', starts('laptop')],
        ['5s', cut('laptop', 'both', null)],
        ['121s', starts('desktop')],
      ],
      until: '130s',
    },
    before: 'P2',
    after: 'P2',
  },
  {
    says: 'the launcher that closes ends the session of the bot, which works on',
    system: 's0',
    schedule: {
      cast: LAUNCHER_AND_BOT,
      happenings: [
        ['0s', starts('launcher')],
        ['2s', starts('bot')],
        ['5s', stops('launcher')],
        ['6s', starts('desktop')],
      ],
      until: '20s',
    },
    before: 'P13',
    after: 'P2',
  },
  {
    says: 'a second device starts, and both work',
    system: 's1',
    schedule: {
      happenings: [
        ['0s', starts('laptop')],
        ['5s', starts('desktop')],
      ],
      until: '2m',
    },
    before: 'P2 P10',
    after: 'P2',
  },
  {
    says: 'two devices start at once, and both are told that they ended the session of a third',
    system: 's1',
    schedule: {
      cast: { laptop: 'laptop', desktop: 'desktop', tablet: 'tablet' },
      happenings: [
        ['0s', starts('laptop')],
        ['5s', starts('desktop'), starts('tablet')],
      ],
      until: '10s',
    },
    before: 'P1 P2 P9 P12 P17',
    after: 'P1 P2 P9 P12 P17',
  },
  {
    says: '65 seconds after a crash the session still shows as active, as declared',
    system: 's1',
    schedule: {
      happenings: [
        ['0s', starts('laptop')],
        ['5s', crashes('laptop')],
        ['65s', asks('desktop')],
      ],
      until: '70s',
    },
    // Its policy declares the job, until which a session counts.
    before: '',
    after: '',
  },
  {
    says: 'one heartbeat is lost, and the clean-up comes by',
    system: 's1',
    schedule: {
      happenings: [
        ['239s', starts('laptop')],
        ['268s', cut('laptop', 'requests', '5s')],
      ],
      until: '400s',
    },
    before: 'P23',
    after: 'P23',
  },
  {
    says: 'the table is gone, heartbeats are answered 200, and another device is let in',
    system: 's2',
    schedule: {
      happenings: [
        ['0s', startsOn('laptop', 'EURUSD')],
        ['15s', { type: 'store-fails', fault: 'table-missing', lasts: lasting('46s') }],
        ['62s', startsOn('desktop', 'EURUSD')],
      ],
      until: '75s',
    },
    before: 'P1 P2 P5 P6 P9 P12 P17 P24',
    after: 'P1 P2 P4',
  },
  {
    says: 'a heartbeat that was late writes its own session back over the one that came since',
    system: 's2',
    schedule: {
      happenings: [
        ['0s', startsOn('laptop', 'EURUSD')],
        ['5s', cut('laptop', 'both', '62s')],
        ['62s', startsOn('desktop', 'EURUSD')],
      ],
      until: '90s',
    },
    before: 'P1 P2 P4',
    after: 'P1 P2 P4',
  },
  {
    says: 'two devices work on two symbols of one license',
    system: 's2',
    schedule: {
      happenings: [
        ['0s', startsOn('laptop', 'EURUSD')],
        ['5s', startsOn('desktop', 'GBPUSD')],
      ],
      until: '30s',
    },
    before: 'P21',
    after: 'P21',
  },
  {
    says: 'a user whose program crashed is locked out of the own device',
    system: 's3',
    schedule: {
      happenings: [
        ['0s', starts('laptop')],
        ['5s', crashes('laptop')],
        ['10s', starts('laptop')],
      ],
      until: '15s',
    },
    before: 'P13',
    after: 'P13 P15',
  },
  {
    says: 'one heartbeat is lost, and the session with it',
    system: 's3',
    schedule: {
      happenings: [
        ['0s', starts('laptop')],
        ['19s', cut('laptop', 'requests', '12s')],
        ['42s', starts('desktop')],
        ['62s', starts('desktop')],
      ],
      until: '70s',
    },
    before: 'P2 P23',
    after: 'P2 P23',
  },
  {
    says: 'two starts find the row free, and both claim it',
    system: 's3',
    schedule: { happenings: [['0s', starts('laptop'), starts('desktop')]], until: '10s' },
    before: 'P1 P2 P9 P12 P17',
    after: 'P1 P2 P9 P12 P17',
  },
  {
    says: 'the server dies between the device and its heartbeat, and the row looks released',
    system: 's3',
    schedule: {
      happenings: [
        ['0s', starts('laptop')],
        ['65ms', serverCrashes(1, '1s')],
      ],
      until: '3s',
    },
    before: 'P22',
    after: 'P22',
  },
  {
    says: 'a heartbeat under way when its session is released takes it back',
    system: 's3',
    schedule: {
      happenings: [
        ['0s', starts('laptop')],
        ['9s', disturbed('laptop', 'requests', { type: 'slow', by: ms(14_000) }, '22s')],
        ['32s', stops('laptop')],
        ['50s', starts('desktop')],
      ],
      until: '55s',
    },
    before: 'P4 P13 P15 P16 P22',
    after: 'P4 P13 P15 P16 P22',
  },
  {
    says: 'a start whose answer was lost is refused by its own session',
    system: 's3',
    schedule: {
      happenings: [
        ['0s', cut('laptop', 'answers', '2s'), starts('laptop')],
        ['10s', starts('laptop')],
      ],
      until: '15s',
    },
    before: 'P13 P20',
    after: 'P13 P15 P20',
  },
  {
    says: 'who is cut off works on while another device is let in',
    system: 's3',
    schedule: {
      happenings: [
        ['0s', starts('laptop')],
        ['5s', cut('laptop', 'both', null)],
        ['61s', starts('desktop')],
      ],
      until: '70s',
    },
    before: 'P2',
    after: 'P2',
  },
];

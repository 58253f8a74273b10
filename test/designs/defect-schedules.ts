/** For each named defect the schedule that shows it, by hand. */
import { starts, stops } from '../world/script-of.ts';
import { asks, crashes, cut, disturbed, lasting, ms, serverCrashes, type Schedule } from './schedule.ts';

const THREE_ON_LAPTOP = { launcher: 'laptop', bot: 'laptop', second: 'laptop' };

export const SCHEDULES: Readonly<Record<string, Schedule>> = {
  'toctou-admit': {
    happenings: [['0s', starts('laptop'), starts('desktop')]],
    until: '5s',
  },
  'evict-one': {
    cast: THREE_ON_LAPTOP,
    happenings: [
      ['0s', starts('launcher')],
      ['5s', starts('bot'), starts('second')],
    ],
    until: '40s',
  },
  'self-or-dead-counted': {
    happenings: [
      ['0s', starts('laptop')],
      ['5s', crashes('laptop')],
      ['10s', starts('laptop')],
      ['2m', starts('desktop')],
    ],
    until: '130s',
  },
  'readers-timeout': {
    surroundings: { servers: 2 },
    happenings: [
      ['0s', starts('laptop')],
      ['18s', starts('desktop')],
    ],
    until: '19s',
  },
  'renew-always-true': {
    happenings: [
      ['0s', starts('laptop')],
      ['1s', cut('laptop', 'both', '70s')],
      ['62s', starts('desktop')],
    ],
    until: '90s',
  },
  'zero-rows-ok': {
    happenings: [
      ['0s', starts('laptop')],
      ['1s', cut('laptop', 'both', '62s')],
      ['70s', starts('desktop')],
    ],
    until: '75s',
  },
  'write-after-end': {
    happenings: [
      ['0s', starts('laptop')],
      ['19s', disturbed('laptop', 'requests', { type: 'slow', by: lasting('5s') }, '1500ms')],
      ['21s', stops('laptop')],
      ['22s', starts('desktop')],
    ],
    until: '30s',
  },
  'release-vs-renew': {
    happenings: [
      ['0s', starts('laptop')],
      ['19s', disturbed('laptop', 'requests', { type: 'slow', by: lasting('4s') }, '1500ms')],
      ['21s', stops('laptop')],
      ['25s', starts('desktop')],
    ],
    until: '30s',
  },
  's2-swallowed': {
    happenings: [
      ['0s', starts('laptop')],
      ['19s', { type: 'store-fails', fault: 'table-missing', lasts: lasting('42s') }],
      ['62s', starts('desktop')],
    ],
    until: '75s',
  },
  'no-self-fence': {
    happenings: [
      ['0s', starts('laptop')],
      ['1s', cut('laptop', 'both', null)],
      ['61s', starts('desktop')],
    ],
    until: '70s',
  },
  'wrong-anchor': {
    surroundings: { stopTime: lasting('2s') },
    happenings: [
      ['0s', starts('laptop')],
      ['19s', disturbed('laptop', 'answers', { type: 'slow', by: ms(4_500) }, '10s')],
      ['30s', cut('laptop', 'both', null)],
      ['80100ms', starts('desktop')],
    ],
    until: '90s',
  },
  'quit-on-first-error': {
    happenings: [
      ['0s', starts('laptop')],
      ['19s', cut('laptop', 'requests', '2s')],
    ],
    until: '2m',
  },
  'release-before-quiesce': {
    surroundings: { stopTime: lasting('2s') },
    happenings: [
      ['0s', starts('laptop')],
      ['5s', stops('laptop')],
      ['5500ms', starts('desktop')],
    ],
    until: '20s',
  },
  suspend: {
    happenings: [
      ['0s', starts('laptop')],
      ['5s', { type: 'sleep', device: 'laptop', lasts: lasting('2m') }],
      ['70s', starts('desktop')],
    ],
    until: '3m',
  },
  'timeout-near-interval': {
    happenings: [
      ['0s', starts('laptop')],
      ['19s', cut('laptop', 'requests', '2s')],
      ['23s', starts('desktop')],
    ],
    until: '60s',
  },
  's3-two-beats': {
    happenings: [
      ['0s', starts('laptop')],
      ['19s', cut('laptop', 'requests', '12s')],
      ['39s', disturbed('laptop', 'requests', { type: 'slow', by: ms(500) }, '5s')],
      ['40100ms', starts('desktop')],
    ],
    until: '90s',
  },
  'stale-snapshot-reap': {
    happenings: [
      ['0s', starts('laptop')],
      ['5s', crashes('laptop')],
      // After what the sweep selects at 90 s, and before it removes.
      ['89955ms', starts('laptop')],
    ],
    until: '95s',
  },
  'ownerless-sweep': {
    surroundings: { servers: 2 },
    happenings: [
      ['0s', starts('laptop')],
      ['25s', serverCrashes(2, '1s')],
      ['30s', starts('desktop')],
    ],
    until: '45s',
  },
  's1-rare-clean-up': {
    happenings: [
      ['0s', starts('laptop')],
      ['5s', crashes('laptop')],
      ['70s', starts('desktop')],
    ],
    until: '80s',
  },
  'null-limbo': {
    happenings: [
      ['0s', starts('laptop')],
      ['5ms', starts('desktop')],
    ],
    until: '30s',
  },
  'null-forever': {
    happenings: [
      ['0s', starts('laptop')],
      ['55ms', serverCrashes(1, '1s'), crashes('laptop')],
      ['10s', starts('desktop')],
      ['70s', starts('desktop')],
    ],
    until: '80s',
  },
  'wall-or-zone': {
    surroundings: { servers: 2, clocks: [{ clock: 'server 2', offset: 3_600_000, drift: 0 }] },
    happenings: [
      ['0s', starts('laptop')],
      ['10s', starts('desktop')],
    ],
    until: '15s',
  },
  'transaction-start-now': {
    happenings: [
      ['0s', starts('laptop')],
      // Between the beginning of the heartbeat and its write.
      ['20055ms', { type: 'store-slows', by: lasting('70s'), lasts: lasting('1s') }],
      ['91s', starts('desktop')],
    ],
    until: '95s',
  },
  's0-process-id': {
    happenings: [
      ['0s', starts('laptop')],
      ['5s', crashes('laptop')],
      ['10s', starts('laptop')],
    ],
    until: '30s',
  },
  's1-both-told': {
    cast: THREE_ON_LAPTOP,
    happenings: [
      ['0s', starts('launcher')],
      ['5s', starts('bot'), starts('second')],
    ],
    until: '15s',
  },
  's3-wait-text': {
    happenings: [
      ['0s', starts('laptop')],
      ['5s', starts('desktop')],
    ],
    until: '10s',
  },
  's4-three-stores': {
    surroundings: { servers: 2 },
    happenings: [['0s', starts('laptop'), starts('desktop')]],
    until: '10s',
  },
  's4-answer-first': {
    happenings: [
      ['0s', starts('laptop')],
      ['20ms', asks('desktop')],
    ],
    until: '5s',
  },
  's4-look-ups': {
    surroundings: { servers: 2 },
    happenings: [
      ['0s', starts('laptop')],
      ['1s', asks('desktop')],
    ],
    until: '5s',
  },
  's4-clean-up': {
    happenings: [
      ['0s', starts('laptop')],
      ['4s', { type: 'store-fails', fault: 'writes-refused', lasts: lasting('30s') }],
      ['5s', stops('laptop')],
    ],
    until: '50s',
  },
  's4-command-id': {
    happenings: [
      ['0s', { type: 'store-slows', by: lasting('8s'), lasts: lasting('1s') }],
      ['0s', starts('laptop')],
    ],
    until: '30s',
  },
};

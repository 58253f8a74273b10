/** P12, P13, P14, P15, P17, P19: when a session expires, who must wait for it, and how long they are told. */
import type { Policy } from '../../src/core/policy.ts';
import { milliseconds, minutes } from '../../src/core/time.ts';
import { judgesBy } from './cases.ts';
import {
  active,
  asks,
  at,
  crash,
  ended,
  ends,
  failed,
  fault,
  gone,
  granted,
  heartbeats,
  holder,
  idle,
  instantOf,
  PLAIN,
  refused,
  renewed,
  restart,
  starts,
  SWEEP,
  swept,
  together,
  unanswered,
} from './history-of.ts';

const AFTER: Policy = { ...PLAIN, expiry: 'after' };
const SWEPT: Policy = { ...PLAIN, cleanUp: { type: 'swept', every: minutes(5) } };
const TAKING: Policy = { ...PLAIN, onConflict: 'take-over' };
const GRACIOUS: Policy = { ...PLAIN, grace: { afterExpiry: milliseconds(10_000), afterTakeover: milliseconds(0) } };
const YIELDING: Policy = { ...TAKING, grace: { afterExpiry: milliseconds(0), afterTakeover: milliseconds(30_000) } };
const A = holder('a', 'laptop', 1);
const laptopStarts = at('0s', starts('laptop', 'a'), granted('a', 1));

judgesBy('P12', [
  [
    'kept',
    'a rival is admitted at the timeout',
    PLAIN,
    laptopStarts,
    at('60s', starts('desktop', 'b'), granted('b', 2)),
  ],
  [
    'kept',
    'a millisecond before it everyone sees a live session',
    PLAIN,
    laptopStarts,
    at('59.999s', asks('desktop'), active(A, '0s')),
    at('59.999s', SWEEP, swept()),
  ],
  [
    'broken',
    'a rival is admitted a millisecond early',
    PLAIN,
    laptopStarts,
    at('59.999s', starts('desktop', 'b'), granted('b', 2)),
  ],
  [
    'broken',
    'a rival judges the holder by a shorter timeout',
    PLAIN,
    laptopStarts,
    at('15s', starts('desktop', 'b'), granted('b', 2)),
  ],
  [
    'broken',
    'the holder itself is told that it expired',
    PLAIN,
    laptopStarts,
    at('59.999s', heartbeats('laptop', 'a', 1), gone('expired')),
  ],
  ['broken', 'a look-up shows it as expired', PLAIN, laptopStarts, at('59.999s', asks('desktop'), idle())],
  ['broken', 'a sweep removes it', PLAIN, laptopStarts, at('59.999s', SWEEP, swept(A))],
  [
    'broken',
    'its own device starts again as if it had expired',
    PLAIN,
    laptopStarts,
    at('30s', starts('laptop', 'b'), granted('b', 2)),
  ],
  [
    'broken',
    'a grant promises less than the timeout',
    PLAIN,
    at('0s', starts('laptop', 'a'), granted('a', 1, { expiry: instantOf('59.999s') })),
  ],
  [
    'broken',
    'a renewal promises the expiry from before it waited',
    PLAIN,
    laptopStarts,
    at('50s', heartbeats('laptop', 'a', 1), renewed(1, { expiry: instantOf('60s') })),
  ],
  [
    'broken',
    'a promise beyond the timeout is not kept',
    PLAIN,
    at('0s', starts('laptop', 'a'), granted('a', 1, { expiry: instantOf('90s') })),
    at('60s', starts('desktop', 'b'), granted('b', 2)),
  ],
  [
    'broken',
    'the last sign of life was a joined start',
    { ...PLAIN, sameDevice: 'join' },
    laptopStarts,
    at('30s', starts('laptop', 'x'), granted('a', 1)),
    at('60s', starts('desktop', 'b'), granted('b', 2)),
  ],
]);

judgesBy('P13', [
  ['kept', 'a free seat is granted', PLAIN, laptopStarts],
  [
    'kept',
    'a released seat is granted',
    PLAIN,
    laptopStarts,
    at('1s', ends('laptop', 'a', 1), ended),
    at('2s', starts('desktop', 'b'), granted('b', 2)),
  ],
  [
    'kept',
    'a start of what its own client ended is gone',
    PLAIN,
    laptopStarts,
    at('1s', ends('laptop', 'a', 1), ended),
    at('2s', starts('laptop', 'a'), gone('ended')),
  ],
  [
    'kept',
    'a store fault excuses a failure',
    PLAIN,
    laptopStarts,
    fault('1s', 'table-missing'),
    at('2s', starts('desktop', 'b'), failed),
    fault('3s', null),
  ],
  [
    'kept',
    'the victim of a takeover waits out the grace',
    YIELDING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), refused(A, '30s', { reason: 'grace', replaced: A })),
    at('2s', starts('laptop', 'c'), refused(A, '29s', { reason: 'grace' })),
  ],
  [
    'kept',
    'a job that did not run yet excuses the lock-out',
    SWEPT,
    laptopStarts,
    at('400s', starts('desktop', 'b'), refused(A, '300s')),
  ],
  [
    'broken',
    'a device is refused because of its own session',
    PLAIN,
    laptopStarts,
    at('1s', starts('laptop', 'b'), refused(A, '59s', { reason: 'same-device' })),
  ],
  [
    'broken',
    'a device is refused because of its own session, by another name',
    PLAIN,
    laptopStarts,
    at('1s', starts('laptop', 'b'), refused(A, '59s')),
  ],
  [
    'broken',
    'the dead still count at the timeout',
    PLAIN,
    laptopStarts,
    at('60s', starts('desktop', 'b'), refused(A, '1s')),
  ],
  [
    'broken',
    'the released still count',
    PLAIN,
    laptopStarts,
    at('1s', ends('laptop', 'a', 1), ended),
    at('2s', starts('desktop', 'b'), refused(A, '58s')),
  ],
  ['broken', 'somebody who never had the seat counts', PLAIN, at('2s', starts('desktop', 'b'), refused(A, '58s'))],
  [
    'broken',
    'the grace lasts too long',
    GRACIOUS,
    laptopStarts,
    at('70s', starts('desktop', 'b'), refused(A, '1s', { reason: 'grace' })),
  ],
  [
    'broken',
    'a sweep passed over the dead',
    SWEPT,
    laptopStarts,
    at('300s', SWEEP, swept()),
    at('360s', starts('desktop', 'b'), refused(A, '1s')),
  ],
  [
    'broken',
    'the swept still count as at work',
    SWEPT,
    laptopStarts,
    at('300s', SWEEP, swept(A)),
    at('301s', starts('desktop', 'b'), refused(A, '1s')),
  ],
  ['broken', 'a start fails and no fault was declared', PLAIN, at('2s', starts('desktop', 'b'), failed)],
  [
    'broken',
    'a start fails after the fault is over',
    PLAIN,
    fault('1s', 'writes-refused'),
    fault('2s', null),
    at('3s', starts('desktop', 'b'), failed),
  ],
  ['broken', 'a start is gone although nobody ended it', PLAIN, at('2s', starts('desktop', 'b'), gone('ended'))],
]);

judgesBy('P14', [
  [
    'kept',
    'a rival starts at the timeout after a crash',
    PLAIN,
    laptopStarts,
    crash('25s', 'laptop'),
    at('60s', starts('desktop', 'b'), granted('b', 2)),
  ],
  ['untested', 'nobody crashed', PLAIN, laptopStarts, at('60s', starts('desktop', 'b'), granted('b', 2))],
  [
    'untested',
    'the start came before the bound',
    PLAIN,
    laptopStarts,
    crash('25s', 'laptop'),
    at('59.999s', starts('desktop', 'b'), refused(A, '1ms')),
  ],
  [
    'kept',
    'the swept seat is free at timeout and period',
    SWEPT,
    laptopStarts,
    crash('25s', 'laptop'),
    at('300s', SWEEP, swept(A)),
    at('360s', starts('desktop', 'b'), granted('b', 2)),
  ],
  [
    'broken',
    'the crashed session still counts',
    PLAIN,
    laptopStarts,
    crash('25s', 'laptop'),
    at('60s', starts('desktop', 'b'), refused(A, '1s')),
  ],
  [
    'broken',
    'its own device still waits',
    PLAIN,
    laptopStarts,
    crash('25s', 'laptop'),
    at('60s', starts('laptop', 'b'), refused(A, '1s', { reason: 'same-device' })),
  ],
  [
    'broken',
    'a start fails for no declared reason',
    PLAIN,
    laptopStarts,
    crash('25s', 'laptop'),
    restart('30s'),
    at('60s', starts('desktop', 'b'), failed),
  ],
  [
    'broken',
    'the sweep never removes it',
    SWEPT,
    laptopStarts,
    crash('25s', 'laptop'),
    at('300s', SWEEP, swept()),
    at('360s', starts('desktop', 'b'), refused(A, '1s')),
  ],
]);

judgesBy('P15', [
  [
    'kept',
    'a retry at the announced wait is granted',
    PLAIN,
    laptopStarts,
    at('20s', starts('desktop', 'b'), refused(A, '40s')),
    at('60s', starts('desktop', 'c'), granted('c', 2)),
  ],
  [
    'kept',
    'the wait is over at a release',
    PLAIN,
    laptopStarts,
    at('20s', ends('laptop', 'a', 1), ended),
    at('20s', asks('desktop'), idle()),
    at('20s', starts('desktop', 'b'), granted('b', 2)),
  ],
  [
    'untested',
    'the holder gave a sign of life',
    PLAIN,
    laptopStarts,
    at('20s', starts('desktop', 'b'), refused(A, '40s')),
    at('30s', heartbeats('laptop', 'a', 1), renewed(1)),
    at('60s', starts('desktop', 'c'), refused(A, '30s')),
  ],
  [
    'untested',
    'an unanswered heartbeat explains why it was not over',
    PLAIN,
    laptopStarts,
    at('20s', starts('desktop', 'b'), refused(A, '40s')),
    unanswered('30s', heartbeats('laptop', 'a', 1)),
    at('60s', starts('desktop', 'c'), refused(A, '30s')),
  ],
  [
    'untested',
    'the job that must come by is late',
    SWEPT,
    laptopStarts,
    at('20s', starts('desktop', 'b'), refused(A, '340s')),
    at('360s', starts('desktop', 'c'), refused(A, '300s')),
  ],
  [
    'broken',
    'a retry at the announced wait is refused',
    PLAIN,
    laptopStarts,
    at('20s', starts('desktop', 'b'), refused(A, '30s')),
    at('50s', starts('desktop', 'c'), refused(A, '10s')),
  ],
  [
    'broken',
    'an idle seat is not granted when it said',
    GRACIOUS,
    laptopStarts,
    at('60s', asks('desktop'), idle('5s')),
    at('65s', starts('desktop', 'b'), refused(A, '5s', { reason: 'grace' })),
  ],
  [
    'broken',
    'the whole timeout is announced',
    PLAIN,
    laptopStarts,
    at('20s', starts('desktop', 'b'), refused(A, '60s')),
  ],
  [
    'broken',
    'a look-up announces more than can be left',
    GRACIOUS,
    laptopStarts,
    at('65s', asks('desktop'), idle('6s')),
  ],
  [
    'broken',
    'the notice names another number',
    PLAIN,
    laptopStarts,
    at('15s', starts('desktop', 'b'), refused(A, '45s', { notice: 'In use, about 25 seconds left.' })),
  ],
  [
    'broken',
    'the notice rounds down',
    PLAIN,
    laptopStarts,
    at('15.5s', starts('desktop', 'b'), refused(A, '44.5s', { notice: 'Wait 44 s' })),
  ],
  [
    'broken',
    'a release leaves a wait',
    PLAIN,
    laptopStarts,
    at('20s', ends('laptop', 'a', 1), ended),
    at('20s', asks('desktop'), idle('1s')),
  ],
  ['broken', 'a seat that nobody held has a wait', PLAIN, at('20s', asks('desktop'), idle('1s'))],
  [
    'broken',
    'a retry at the announced wait fails',
    PLAIN,
    laptopStarts,
    at('20s', starts('desktop', 'b'), refused(A, '40s')),
    at('60s', starts('desktop', 'c'), failed),
  ],
]);

const nearBoundary = (
  age: '59.999s' | '60s' | '60.001s',
  live: boolean,
  asker: 'start' | 'heartbeat' | 'status' | 'sweep',
) => {
  switch (asker) {
    case 'start':
      return at(age, starts('desktop', 'b'), live ? refused(A, '1ms') : granted('b', 2));
    case 'heartbeat':
      return at(age, heartbeats('laptop', 'a', 1), live ? renewed(1) : gone('expired'));
    case 'status':
      return at(age, asks('desktop'), live ? active(A, '0s') : idle());
    case 'sweep':
      return at(age, SWEEP, live ? swept() : swept(A));
  }
};
const ASKERS = ['start', 'heartbeat', 'status', 'sweep'] as const;

judgesBy('P17', [
  ...ASKERS.flatMap((asker) => [
    ['kept', `a ${asker} at 59.999s finds it live`, PLAIN, laptopStarts, nearBoundary('59.999s', true, asker)] as const,
    ['kept', `a ${asker} at 60s finds it expired`, PLAIN, laptopStarts, nearBoundary('60s', false, asker)] as const,
    [
      'kept',
      `a ${asker} at 60s finds it live where expiry comes after`,
      AFTER,
      laptopStarts,
      nearBoundary('60s', true, asker),
    ] as const,
    [
      'kept',
      `a ${asker} at 60.001s finds it expired where expiry comes after`,
      AFTER,
      laptopStarts,
      nearBoundary('60.001s', false, asker),
    ] as const,
    [
      'broken',
      `a ${asker} at 59.999s finds it expired`,
      PLAIN,
      laptopStarts,
      nearBoundary('59.999s', false, asker),
    ] as const,
    ['broken', `a ${asker} at 60s finds it live`, PLAIN, laptopStarts, nearBoundary('60s', true, asker)] as const,
    [
      'broken',
      `a ${asker} at 60s finds it expired where expiry comes after`,
      AFTER,
      laptopStarts,
      nearBoundary('60s', false, asker),
    ] as const,
    [
      'broken',
      `a ${asker} at 60.001s finds it live where expiry comes after`,
      AFTER,
      laptopStarts,
      nearBoundary('60.001s', true, asker),
    ] as const,
  ]),
  [
    'untested',
    'nobody comes near the boundary',
    PLAIN,
    laptopStarts,
    at('30s', asks('desktop'), active(A, '0s')),
    at('90s', asks('desktop'), idle()),
  ],
  ['broken', 'a contradiction far from the boundary', PLAIN, laptopStarts, at('90s', asks('desktop'), active(A, '0s'))],
  [
    'broken',
    'an expiry is told that is not the one decided by',
    AFTER,
    at('0s', starts('laptop', 'a'), granted('a', 1, { expiry: instantOf('60s') })),
  ],
  [
    'broken',
    'a look-up tells an expiry from another heartbeat',
    PLAIN,
    laptopStarts,
    at('30s', asks('desktop'), active(A, '10s')),
  ],
  [
    'broken',
    'an expired session is taken over as if it were live',
    TAKING,
    laptopStarts,
    at('60s', starts('desktop', 'b'), granted('b', 2, { replaced: A })),
  ],
]);

judgesBy('P19', [
  ['kept', 'a sweep passes over the living', PLAIN, laptopStarts, at('59.999s', SWEEP, swept())],
  ['kept', 'a sweep removes the expired', PLAIN, laptopStarts, at('60s', SWEEP, swept(A))],
  [
    'kept',
    'a heartbeat before the sweep of one instant',
    PLAIN,
    laptopStarts,
    together('59s', [SWEEP, swept()], [heartbeats('laptop', 'a', 1), renewed(1)]),
  ],
  [
    'broken',
    'a sweep removes what a heartbeat had just renewed',
    PLAIN,
    laptopStarts,
    at('59s', heartbeats('laptop', 'a', 1), renewed(1)),
    at('60s', SWEEP, swept(A)),
  ],
  [
    'broken',
    'a sweep and a heartbeat of one instant both succeed',
    PLAIN,
    laptopStarts,
    together('60s', [heartbeats('laptop', 'a', 1), renewed(1)], [SWEEP, swept(A)]),
  ],
  [
    'broken',
    'a heartbeat succeeds at an age at which the sweep would',
    SWEPT,
    laptopStarts,
    at('60s', heartbeats('laptop', 'a', 1), renewed(1)),
  ],
  [
    'broken',
    'a sweep removes what was ended',
    PLAIN,
    laptopStarts,
    at('1s', ends('laptop', 'a', 1), ended),
    at('60s', SWEEP, swept(A)),
  ],
  [
    'broken',
    'a sweep removes an older term in place of the new one',
    TAKING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), granted('b', 2, { replaced: A })),
    at('60s', SWEEP, swept(A)),
  ],
  ['broken', 'a sweep removes what nobody was granted', PLAIN, at('60s', SWEEP, swept(A))],
]);

/** Rows for causes that the tables of the laws do not show: observed statements, restarts, errors and clocks among them. */
import type { Policy } from '../../src/core/policy.ts';
import type { Failed } from '../../src/core/reply.ts';
import { milliseconds, minutes, NO_TIME, seconds } from '../../src/core/time.ts';
import type { Case, Tables } from './cases.ts';
import {
  active,
  asks,
  at,
  begins,
  clients,
  clock,
  designFails,
  emptied,
  emptyRow,
  ended,
  ends,
  fault,
  gone,
  granted,
  heartbeats,
  heldAt,
  holder,
  instantOf,
  observed,
  pauses,
  PLAIN,
  refused,
  RELEASED,
  renewed,
  restart,
  resumes,
  row,
  sets,
  starts,
  statements,
  stopping,
  stops,
  SWEEP,
  swept,
  together,
  until,
  type Line,
} from './history-of.ts';

const TAKING: Policy = { ...PLAIN, onConflict: 'take-over' };
const SWEPT: Policy = { ...PLAIN, cleanUp: { type: 'swept', every: minutes(5) } };
const REVIVING: Policy = { ...PLAIN, lateHeartbeat: 'revive' };
const GRACIOUS: Policy = { ...PLAIN, grace: { afterExpiry: milliseconds(10_000), afterTakeover: NO_TIME } };
const YIELDING: Policy = { ...TAKING, grace: { afterExpiry: NO_TIME, afterTakeover: milliseconds(30_000) } };
const WAITING: Policy = { ...TAKING, grace: { afterExpiry: NO_TIME, afterTakeover: seconds(58) } };
const PER_SYMBOL: Policy = { ...PLAIN, scope: 'license-and-symbol' };
const A = holder('a', 'laptop', 1);
const EUR = { license: 'L1', symbol: 'EUR' };
const USD = { license: 'L1', symbol: 'USD' };

const laptopStarts = at('0s', starts('laptop', 'a'), granted('a', 1));
const desktopGranted = at('2s', starts('desktop', 'b'), granted('b', 2));
const laptopWorks: readonly Line[] = [laptopStarts, begins('0s', 'laptop', 'a', 1)];
const desktopWorks: readonly Line[] = [
  at('60s', starts('desktop', 'b'), granted('b', 2)),
  begins('60s', 'desktop', 'b', 2),
];
const desktopBegins: readonly Line[] = [desktopGranted, begins('2s', 'desktop', 'b', 2)];
const desktopTakes: readonly Line[] = [
  at('10s', starts('desktop', 'b'), granted('b', 2, { replaced: A })),
  begins('10s', 'desktop', 'b', 2),
];
const bothGranted = together('0s', [starts('laptop', 'a'), granted('a', 1)], [starts('desktop', 'b'), granted('b', 2)]);
const renewedAt = (when: `${number}s`): Line => at(when, heartbeats('laptop', 'a', 1), renewed(1));
const endMeetsHeartbeat = together('5s', [heartbeats('laptop', 'a', 1), renewed(1)], [ends('laptop', 'a', 1), ended]);

const raises =
  (sqlstate?: string, message = 'it went wrong') =>
  (): Failed => ({
    type: 'failed',
    why: 'error',
    message,
    ...(sqlstate === undefined ? {} : { sqlstate }),
  });

const P0: readonly Case[] = [
  ['broken', 'it throws outside of any call', PLAIN, laptopStarts, designFails('1s', null, 'threw', 'boom')],
  ['broken', 'an error is not handled', PLAIN, at('0s', starts('laptop', 'a'), raises())],
  [
    'broken',
    'an error without a message is not handled',
    PLAIN,
    at('0s', starts('laptop', 'a'), raises(undefined, '')),
  ],
  ['broken', 'a serialization failure is not retried', PLAIN, at('0s', starts('laptop', 'a'), raises('40001'))],
  ['broken', 'a unique violation is not handled', PLAIN, at('0s', starts('laptop', 'a'), raises('23505'))],
  ['broken', 'a failed transaction goes on', PLAIN, at('0s', starts('laptop', 'a'), raises('25P02'))],
  ['broken', 'a table does not exist', PLAIN, at('0s', starts('laptop', 'a'), raises('42P01'))],
  ['broken', 'a lock is not available', PLAIN, at('0s', starts('laptop', 'a'), raises('55P03'))],
  [
    'kept',
    'a store that was made to fail raises it',
    PLAIN,
    fault('0s', 'outage'),
    at('1s', starts('laptop', 'a'), raises('57P01')),
  ],
];

const P1: readonly Case[] = [
  [
    'broken',
    'each start looks in one statement and claims in a later one',
    PLAIN,
    observed(bothGranted, statements(2, 0, 2), statements(2, 1, 3)),
  ],
  [
    'broken',
    'each start is one statement, and the two overlap',
    PLAIN,
    observed(bothGranted, statements(1, 0, 0), statements(1, 1, 1)),
  ],
  [
    'broken',
    'the starts were open at once, and their statements ran one start after the other',
    PLAIN,
    observed(bothGranted, statements(2, 0, 1), statements(2, 2, 3)),
  ],
  [
    'broken',
    'an end of another session frees the seat',
    PLAIN,
    laptopStarts,
    at('1s', ends('tablet', 'z', 9), ended),
    desktopGranted,
  ],
  ['broken', 'a restart forgets the holder', PLAIN, laptopStarts, restart('1s'), desktopGranted],
  [
    'broken',
    'the seat is granted after a sweep of a live session',
    PLAIN,
    laptopStarts,
    at('1s', SWEEP, swept()),
    desktopGranted,
  ],
  [
    'broken',
    'a start that was refused is granted too early',
    PLAIN,
    laptopStarts,
    at('1s', starts('desktop', 'x'), refused(A, '59s')),
    desktopGranted,
  ],
  [
    'broken',
    'a heartbeat of one statement renews a session beside its successor',
    TAKING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), granted('b', 2, { replaced: A })),
    observed(renewedAt('2s'), statements(1, 0, 0)),
  ],
];

/** The clock of the store is set forward while a client without a fence works, and the seat is granted again. */
const withoutFenceAsClockIsSet: readonly Line[] = [
  clients({ fence: null }),
  ...laptopWorks,
  sets('1s', 'store', 100_000),
  ...desktopBegins,
  until('5s'),
];

const P2: readonly Case[] = [
  [
    'broken',
    'the clock of the store is set forward, and a client without a fence works on',
    PLAIN,
    ...withoutFenceAsClockIsSet,
  ],
  [
    'broken',
    'the clock of the store is set before the last heartbeat, and the seat is granted too early',
    PLAIN,
    clients(),
    ...laptopWorks,
    sets('1s', 'store', 100_000),
    renewedAt('1.5s'),
    ...desktopBegins,
    until('5s'),
  ],
  [
    'broken',
    'two starts that overlap are both granted, and both work',
    PLAIN,
    clients(),
    bothGranted,
    begins('0s', 'laptop', 'a', 1),
    begins('0s', 'desktop', 'b', 2),
    until('5s'),
  ],
  [
    'broken',
    'a victim without a fence',
    TAKING,
    clients({ fence: null }),
    ...laptopWorks,
    ...desktopTakes,
    until('15s'),
  ],
  [
    'broken',
    'a victim that outlasts the grace',
    WAITING,
    clients(),
    ...laptopWorks,
    at('10s', starts('desktop', 'b'), refused(A, '58s', { reason: 'grace', replaced: A })),
    at('68s', starts('desktop', 'b'), granted('b', 2)),
    begins('68s', 'desktop', 'b', 2),
    stops('70s', 'laptop'),
  ],
  [
    'broken',
    'a fence beyond the timeout',
    PLAIN,
    clients({ fence: seconds(62) }),
    ...laptopWorks,
    ...desktopWorks,
    stopping('62s', 'laptop', 'fence'),
    stops('62.5s', 'laptop'),
  ],
  ['broken', 'a process of which no client is known', PLAIN, ...laptopWorks, ...desktopWorks, until('65s')],
  [
    'broken',
    'a process works on after it hung',
    PLAIN,
    clients(),
    ...laptopWorks,
    pauses('10s', 'laptop', 'hang'),
    ...desktopWorks,
    resumes('70s', 'laptop'),
    until('71s'),
  ],
  [
    'broken',
    'a session of a service without terms is given back while its work runs',
    PLAIN,
    clients(),
    ...laptopWorks,
    at('5s', ends('laptop', 'a', 1), ended),
    at('6s', starts('desktop', 'b'), () => ({ type: 'granted' })),
    (to) =>
      to.add({
        type: 'work-began',
        at: to.now,
        actor: 'desktop',
        scope: { license: 'L1', symbol: '' },
        session: 'b',
        term: null,
      }),
    stops('7s', 'laptop'),
  ],
];

const P4: readonly Case[] = [
  [
    'broken',
    'a heartbeat renewed a session that a sweep had removed',
    PLAIN,
    laptopStarts,
    at('60s', SWEEP, swept(A)),
    renewedAt('61s'),
  ],
  [
    'broken',
    'a heartbeat writes the session back after its end',
    PLAIN,
    laptopStarts,
    endMeetsHeartbeat,
    renewedAt('6s'),
  ],
  [
    'broken',
    'a heartbeat of one statement inserts the session again after its end',
    PLAIN,
    laptopStarts,
    observed(endMeetsHeartbeat, statements(1, 2, 2), statements(1, 1, 1)),
    renewedAt('6s'),
  ],
  [
    'broken',
    'a heartbeat of one statement renews an ended session',
    PLAIN,
    laptopStarts,
    at('1s', ends('laptop', 'a', 1), ended),
    observed(renewedAt('2s'), statements(1, 0, 0)),
  ],
  [
    'broken',
    'the row of an ended session stands as held',
    PLAIN,
    laptopStarts,
    row(1, 'a', 'laptop', heldAt('0s')),
    at('1s', ends('laptop', 'a', 1), ended, row(1, 'a', 'laptop', heldAt('0s'))),
  ],
  [
    'broken',
    'two starts that overlap count on from one term',
    TAKING,
    laptopStarts,
    together(
      '1s',
      [starts('desktop', 'b'), granted('b', 2, { replaced: A })],
      [starts('tablet', 'c'), granted('c', 2, { replaced: holder('b', 'desktop', 2) })],
    ),
  ],
];

const P5: readonly Case[] = [
  [
    'broken',
    'the answer invents an end',
    PLAIN,
    laptopStarts,
    renewedAt('20s'),
    at('30s', heartbeats('laptop', 'a', 1), gone('ended')),
  ],
  [
    'broken',
    'a start passes over the heartbeat',
    PLAIN,
    laptopStarts,
    renewedAt('20s'),
    at('61s', starts('desktop', 'b'), granted('b', 2)),
  ],
  [
    'broken',
    'a sweep that overlaps the second heartbeat removes the session',
    PLAIN,
    laptopStarts,
    renewedAt('20s'),
    observed(
      together('75s', [heartbeats('laptop', 'a', 1), renewed(1)], [SWEEP, swept(A)]),
      statements(1, 1, 1),
      statements(2, 0, 2),
    ),
  ],
  [
    'broken',
    'a session that may be replaced is granted away as if it had expired',
    TAKING,
    laptopStarts,
    renewedAt('20s'),
    at('30s', starts('desktop', 'b'), granted('b', 2)),
  ],
  [
    'broken',
    'a heartbeat does not know the renewed session',
    PLAIN,
    laptopStarts,
    renewedAt('20s'),
    at('30s', heartbeats('laptop', 'a', 1), gone('unknown')),
  ],
  [
    'broken',
    'an outage loses the heartbeat',
    PLAIN,
    laptopStarts,
    renewedAt('20s'),
    fault('30s', 'outage'),
    fault('40s', null),
    at('61s', starts('desktop', 'b'), granted('b', 2)),
  ],
  [
    'broken',
    'the store loses its rows after the heartbeat',
    PLAIN,
    laptopStarts,
    renewedAt('20s'),
    emptied('30s'),
    at('61s', starts('desktop', 'b'), granted('b', 2)),
  ],
  [
    'broken',
    'a heartbeat reads a copy that lags behind',
    PLAIN,
    laptopStarts,
    renewedAt('20s'),
    fault('30s', 'lagging'),
    at('40s', heartbeats('laptop', 'a', 1), gone('unknown')),
  ],
  [
    'broken',
    'the older of two heartbeats is written last',
    PLAIN,
    laptopStarts,
    together('20s', [heartbeats('laptop', 'a', 1), renewed(1)], [heartbeats('laptop', 'a', 1), renewed(1)]),
    row(1, 'a', 'laptop', heldAt('19s')),
  ],
];

const P7: readonly Case[] = [
  [
    'broken',
    'a restart forgets the session that was granted',
    PLAIN,
    laptopStarts,
    restart('1s'),
    at('2s', heartbeats('laptop', 'a', 1), gone('unknown')),
  ],
  [
    'broken',
    'the store has no row after the grant',
    PLAIN,
    observed(at('0s', starts('laptop', 'a'), granted('a', 1), emptyRow()), statements(1, 0, 0)),
  ],
];

const P9: readonly Case[] = [
  ['broken', 'a start is granted beside the live holder that it may not replace', PLAIN, laptopStarts, desktopGranted],
  [
    'broken',
    'a takeover names another session than it ended',
    TAKING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), granted('b', 2, { replaced: holder('z', 'tablet', 1) })),
  ],
];

const P10: readonly Case[] = [
  [
    'broken',
    'its fence does not stop it in time',
    TAKING,
    clients(),
    ...laptopWorks,
    ...desktopTakes,
    stops('70s', 'laptop'),
  ],
  [
    'broken',
    'its fence counts on a clock that was set back',
    TAKING,
    clients({ clock: 'wall' }),
    ...laptopWorks,
    ...desktopTakes,
    sets('20s', 'device laptop', -30_000),
    stops('85s', 'laptop'),
  ],
];

const P11: readonly Case[] = [
  [
    'broken',
    'a grace goes on for too long',
    GRACIOUS,
    laptopStarts,
    at('70s', starts('desktop', 'b'), refused(A, '1s', { reason: 'grace' })),
  ],
  [
    'broken',
    'a swept session still counts',
    SWEPT,
    laptopStarts,
    at('300s', SWEEP, swept(A)),
    at('366s', starts('desktop', 'b'), refused(A, '1s')),
  ],
];

const P12: readonly Case[] = [
  [
    'broken',
    'a grace begins before the expiry',
    GRACIOUS,
    laptopStarts,
    at('30s', starts('desktop', 'b'), refused(A, '40s', { reason: 'grace' })),
  ],
  ['broken', 'two starts that overlap are both granted', PLAIN, bothGranted],
];

const P13: readonly Case[] = [
  [
    'broken',
    'two processes of one machine present two fingerprints',
    PLAIN,
    (to) => {
      to.cast = to.cast.map((actor) => ({ ...actor, device: 'laptop' }));
    },
    laptopStarts,
    at('1s', starts('desktop', 'b'), refused(A, '59s')),
  ],
  ['broken', 'a start is rolled back', PLAIN, at('0s', starts('laptop', 'a'), raises('40001'))],
  [
    'broken',
    'the row of an expired session hits a constraint',
    PLAIN,
    laptopStarts,
    at('60s', starts('desktop', 'b'), raises('23505')),
  ],
  [
    'kept',
    'a start that is rolled back beside the one that is granted',
    PLAIN,
    together('0s', [starts('laptop', 'a'), granted('a', 1)], [starts('desktop', 'b'), raises('40001')]),
  ],
  [
    'broken',
    'a session that was taken over still counts',
    YIELDING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), refused(A, '30s', { reason: 'grace', replaced: A })),
    at('2s', starts('tablet', 'c'), refused(A, '29s')),
  ],
  [
    'broken',
    'another session than that of the holder blocks',
    PLAIN,
    laptopStarts,
    at('1s', starts('desktop', 'b'), refused(holder('z', 'tablet', 1), '59s')),
  ],
];

const P15: readonly Case[] = [
  [
    'kept',
    'a notice in minutes and seconds, beside the timeout',
    { ...PLAIN, timeout: seconds(120) },
    laptopStarts,
    at(
      '30s',
      starts('desktop', 'b'),
      refused(A, '90s', { notice: 'In use: wait 1 minute 30 seconds (sessions last 120 seconds).' }),
    ),
    at('120s', starts('desktop', 'b'), granted('b', 2)),
  ],
];

const P16: readonly Case[] = [
  [
    'broken',
    'the end of a live session is answered gone, expired',
    PLAIN,
    laptopStarts,
    at('1s', ends('laptop', 'a', 1), gone('expired')),
  ],
  ['broken', 'a heartbeat writes the session over its end', PLAIN, laptopStarts, endMeetsHeartbeat, renewedAt('6s')],
  [
    'broken',
    'a heartbeat of one statement writes the session over its end',
    PLAIN,
    laptopStarts,
    observed(endMeetsHeartbeat, statements(1, 2, 2), statements(1, 1, 1)),
    renewedAt('6s'),
  ],
  [
    'broken',
    'a heartbeat writes the row over its end',
    PLAIN,
    laptopStarts,
    row(1, 'a', 'laptop', heldAt('0s')),
    endMeetsHeartbeat,
    row(1, 'a', 'laptop', heldAt('5s')),
  ],
  [
    'broken',
    'a heartbeat of one statement writes the row over its end',
    PLAIN,
    laptopStarts,
    row(1, 'a', 'laptop', heldAt('0s')),
    observed(endMeetsHeartbeat, statements(1, 2, 2), statements(1, 1, 1)),
    row(1, 'a', 'laptop', heldAt('5s')),
  ],
  [
    'broken',
    'an end of one statement ends another session',
    TAKING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), granted('b', 2, { replaced: A })),
    observed(at('2s', ends('laptop', 'a', 1), ended), statements(1, 0, 0)),
    at('3s', asks('desktop'), () => ({ type: 'idle' })),
  ],
];

const P17: readonly Case[] = [
  [
    'broken',
    'an expiry is told that is too early',
    PLAIN,
    at('0s', starts('laptop', 'a'), granted('a', 1, { expiry: instantOf('40s') })),
  ],
  [
    'broken',
    'a heartbeat is dated in another time zone',
    PLAIN,
    laptopStarts,
    at('20s', heartbeats('laptop', 'a', 1), renewed(1), row(1, 'a', 'laptop', heldAt('3620s'))),
  ],
  ['broken', 'a late heartbeat revives, as declared', REVIVING, laptopStarts, renewedAt('61s')],
  [
    'broken',
    'its own device replaces it as if it had expired',
    PLAIN,
    laptopStarts,
    at('30s', starts('laptop', 'b'), granted('b', 2)),
  ],
];

const P18: readonly Case[] = [
  [
    'kept',
    'two starts overlap while a clock is off, which is not the cause',
    PLAIN,
    clock('server 2', { offset: 3_600_000 }),
    bothGranted,
  ],
  [
    'broken',
    'a device sends its own time',
    PLAIN,
    clock('device desktop', { offset: 3_600_000 }),
    laptopStarts,
    desktopGranted,
  ],
  [
    'broken',
    'a client without a fence works on after the clock of the store is set',
    PLAIN,
    ...withoutFenceAsClockIsSet,
  ],
  [
    'broken',
    'a server whose clock is ahead takes the live session of the same device for expired',
    PLAIN,
    clock('server 2', { offset: 3_600_000 }),
    laptopStarts,
    at('5s', starts('laptop', 'b'), granted('b', 2)),
  ],
  ['broken', 'the clock of the store is set', PLAIN, laptopStarts, sets('1s', 'store', 5000), desktopGranted],
];

const P19: readonly Case[] = [
  [
    'broken',
    'a sweep of one statement removes what it found expired in an earlier snapshot',
    PLAIN,
    laptopStarts,
    observed(
      together('59s', [heartbeats('laptop', 'a', 1), renewed(1)], [SWEEP, swept(A)]),
      statements(1, 0, 0),
      statements(1, 1, 1),
    ),
  ],
  [
    'broken',
    'a late heartbeat revives, as declared, where sweeps run',
    REVIVING,
    laptopStarts,
    at('10s', SWEEP, swept()),
    renewedAt('60s'),
  ],
  [
    'broken',
    'a heartbeat renews what a sweep has removed',
    SWEPT,
    laptopStarts,
    at('60s', SWEEP, swept(A)),
    renewedAt('61s'),
  ],
];

const P20: readonly Case[] = [
  ['broken', 'a retried start is answered gone', PLAIN, laptopStarts, at('5s', starts('laptop', 'a'), gone('unknown'))],
];

const P21: readonly Case[] = [
  [
    'broken',
    'two starts on two symbols overlap',
    PER_SYMBOL,
    together(
      '0s',
      [starts('laptop', 'a', null, EUR), granted('a', 1)],
      [starts('desktop', 'b', null, USD), granted('b', 1)],
    ),
  ],
];

const P22: readonly Case[] = [
  [
    'broken',
    'a status shows a released session as active',
    PLAIN,
    laptopStarts,
    row(1, 'a', 'laptop', heldAt('0s')),
    at('5s', ends('laptop', 'a', 1), ended, row(1, 'a', 'laptop', RELEASED)),
    at('6s', asks('desktop'), active(A, '0s')),
  ],
];

export const CAUSES: Tables = {
  P0,
  P1,
  P2,
  P4,
  P5,
  P7,
  P9,
  P10,
  P11,
  P12,
  P13,
  P15,
  P16,
  P17,
  P18,
  P19,
  P20,
  P21,
  P22,
};

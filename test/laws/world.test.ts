/** P0, P8, P18, P23, P24: what holds when services fail, stores differ, clocks are off, messages are lost and databases go away. */
import { expect, test } from 'vitest';
import type { Policy } from '../../src/core/policy.ts';
import { seconds } from '../../src/core/time.ts';
import { judgesBy } from './cases.ts';
import {
  at,
  begins,
  clients,
  clock,
  crash,
  designFails,
  ended,
  ends,
  exchange,
  failed,
  fault,
  gone,
  granted,
  heartbeats,
  historyOf,
  holdsUp,
  holder,
  lost,
  pauses,
  PLAIN,
  promises,
  RELEASED,
  renewed,
  restart,
  resumes,
  serverCrash,
  sets,
  slows,
  starts,
  stopping,
  stops,
  storeHolds,
  SWEEP,
  swept,
  sweptAt,
  unanswered,
  until,
  vanishes,
  verdictOn,
  type Line,
} from './history-of.ts';

const TAKING: Policy = { ...PLAIN, onConflict: 'take-over' };
/** As S3 has it: two heartbeats, no retries. */
const TIGHT: Policy = { ...PLAIN, timeout: seconds(40), retries: 0, fence: null, lateHeartbeat: 'reject' };
const A = holder('a', 'laptop', 1);
const B = holder('b', 'desktop', 2);
const laptopStarts = at('0s', starts('laptop', 'a'), granted('a', 1));
const laptopWorks: readonly Line[] = [laptopStarts, begins('0s', 'laptop', 'a', 1)];
const beat = heartbeats('laptop', 'a', 1);

judgesBy('P0', [
  ['kept', 'every call is answered', PLAIN, laptopStarts],
  ['untested', 'a call without an answer', PLAIN, unanswered('0s', starts('laptop', 'a'))],
  [
    'broken',
    'it throws',
    PLAIN,
    unanswered('0s', starts('laptop', 'a')),
    designFails('0s', 0, 'threw', 'TypeError: x is not a function'),
  ],
  ['broken', 'it hangs', PLAIN, unanswered('0s', starts('laptop', 'a')), designFails('9s', 0, 'hung')],
  [
    'broken',
    'it returns an invalid reply',
    PLAIN,
    unanswered('0s', starts('laptop', 'a')),
    designFails('0s', 0, 'invalid-reply', '{"ok":true}'),
  ],
]);

test('P0 names the call, what it did, and what it said', () => {
  const fails = (call: number | null, how: 'threw' | 'hung' | 'invalid-reply', message: string): string => {
    const [finding] = verdictOn(
      'P0',
      historyOf(PLAIN, [unanswered('0s', starts('laptop', 'a')), designFails('1s', call, how, message)]),
    ).findings;
    return `${finding?.message}; ${finding?.why}; ${finding?.calls.join(', ')}`;
  };
  expect(fails(0, 'threw', 'Error: no.')).toBe(
    'the service threw while it handled a start of laptop; the service reported: Error: no; 0',
  );
  expect(fails(0, 'hung', '')).toBe(
    'the service never answered a start of laptop, and no event was left that it could wait for; null; 0',
  );
  expect(fails(0, 'invalid-reply', 'term is -1')).toBe(
    'the service answered a start of laptop with an invalid reply; term is -1; 0',
  );
  expect(fails(null, 'threw', 'at boot')).toBe(
    'the service threw outside of any call; the service reported: at boot; ',
  );
});

const agreeing = promises('200ms', '5s');

judgesBy('P8', [
  [
    'kept',
    'the database follows in time',
    PLAIN,
    agreeing,
    laptopStarts,
    storeHolds('0s', 'memory', A),
    storeHolds('200ms', 'database', A),
    until('9s'),
  ],
  [
    'kept',
    'after a crash they reconcile in time',
    PLAIN,
    agreeing,
    laptopStarts,
    storeHolds('0s', 'memory', A),
    serverCrash('50ms'),
    storeHolds('60ms', 'memory', null),
    storeHolds('70ms', 'database', A),
    restart('30s'),
    storeHolds('35s', 'memory', A),
  ],
  [
    'kept',
    'one has swept what the other still holds, expired',
    PLAIN,
    agreeing,
    laptopStarts,
    storeHolds('0s', 'memory', A),
    storeHolds('0s', 'database', A),
    at('60s', SWEEP, swept(A)),
    storeHolds('60s', 'database', A, sweptAt('0s')),
    until('90s'),
  ],
  [
    'untested',
    'nobody ever holds',
    PLAIN,
    agreeing,
    storeHolds('0s', 'memory', null),
    storeHolds('0s', 'database', null),
  ],
  ['not-judged', 'there is one store', PLAIN, laptopStarts, storeHolds('0s', 'memory', A)],
  ['not-judged', 'only one store is seen', PLAIN, agreeing, laptopStarts, storeHolds('0s', 'memory', A)],
  [
    'broken',
    'the database follows too late',
    PLAIN,
    agreeing,
    laptopStarts,
    storeHolds('0s', 'memory', A),
    storeHolds('201ms', 'database', A),
  ],
  [
    'broken',
    'it never follows',
    PLAIN,
    agreeing,
    laptopStarts,
    storeHolds('0s', 'memory', A),
    storeHolds('0s', 'database', null),
    until('30s'),
  ],
  [
    'broken',
    'a release reaches only one of them',
    PLAIN,
    agreeing,
    laptopStarts,
    storeHolds('0s', 'memory', A),
    storeHolds('0s', 'database', A),
    at('5s', ends('laptop', 'a', 1), ended),
    storeHolds('5s', 'memory', A, RELEASED),
    until('6s'),
  ],
  [
    'broken',
    'they hold different sessions, expired or not',
    PLAIN,
    agreeing,
    laptopStarts,
    storeHolds('0s', 'memory', A),
    storeHolds('0s', 'database', A),
    at('60s', starts('desktop', 'b'), granted('b', 2)),
    storeHolds('60s', 'database', B),
    until('70s'),
  ],
  [
    'broken',
    'they do not reconcile after a crash',
    PLAIN,
    agreeing,
    laptopStarts,
    storeHolds('0s', 'memory', A),
    storeHolds('0s', 'database', A),
    serverCrash('10s'),
    storeHolds('10s', 'memory', null),
    restart('12s'),
    until('18s'),
  ],
]);

test('P8 says what each store says, and since when', () => {
  const lines = [
    agreeing,
    laptopStarts,
    storeHolds('1s', 'memory', A),
    storeHolds('1s', 'database', null),
    until('30s'),
  ];
  expect(verdictOn('P8', historyOf(PLAIN, lines)).findings).toMatchObject([
    {
      at: 1200,
      message:
        'the stores disagree about license L1 for more than 200ms: memory says laptop (term 1), database knows nobody',
      why: 'they have differed since 1s, and may for 200ms',
    },
  ]);
});

const desktopLater: readonly Line[] = [
  at('60s', starts('desktop', 'b'), granted('b', 2)),
  begins('60s', 'desktop', 'b', 2),
  until('61s'),
];

judgesBy('P18', [
  [
    'kept',
    'a device that is an hour off',
    PLAIN,
    clients(),
    clock('device laptop', { offset: 3_600_000 }),
    ...laptopWorks,
    stopping('55s', 'laptop', 'fence'),
    stops('57s', 'laptop'),
    ...desktopLater,
  ],
  ['untested', 'every clock is right', PLAIN, clients(), ...laptopWorks, ...desktopLater],
  ['untested', 'a clock is off and nobody meets', PLAIN, clients(), clock('server 1', { offset: 5 }), ...laptopWorks],
  [
    'not-judged',
    'a clock drifts more than is declared',
    PLAIN,
    clients(),
    clock('device laptop', { drift: 201 }),
    ...laptopWorks,
    ...desktopLater,
  ],
  [
    'broken',
    'an app server that is an hour off lets a second one in',
    PLAIN,
    clock('server 2', { offset: 3_600_000 }),
    laptopStarts,
    at('1s', starts('desktop', 'b'), granted('b', 2)),
  ],
  [
    'broken',
    'a fence on a clock that is set back',
    PLAIN,
    clients({ clock: 'wall' }),
    ...laptopWorks,
    sets('30s', 'device laptop', -3_600_000),
    ...desktopLater,
  ],
  [
    'broken',
    'a slow clock, within what is declared, and a fence that does not allow for it',
    { ...PLAIN, fence: seconds(58) },
    clients(),
    clock('device laptop', { drift: -200 }),
    ...laptopWorks,
    at('60s', starts('desktop', 'b'), granted('b', 2)),
    begins('60s', 'desktop', 'b', 2),
    stops('60.012s', 'laptop'),
  ],
]);

test('P18 names the clocks that were off', () => {
  const lines = [
    clock('server 2', { offset: -3_600_000 }),
    clock('device laptop', { drift: 100 }),
    laptopStarts,
    sets('500ms', 'device desktop', 90_000),
    at('1s', starts('desktop', 'b'), granted('b', 2)),
  ];
  const [finding] = verdictOn('P18', historyOf(PLAIN, lines)).findings;
  expect(finding?.why).toMatch(
    /^the clock of server 2 was 1h behind, the clock of device laptop ran 100 ppm fast, the clock of device desktop was set 90s forward at 0.5s; laptop \(term 1\) was last heard of/,
  );
});

/** Heartbeats every 20 s that are answered at once. */
const beats = (...times: readonly `${number}s`[]): readonly Line[] => times.map((time) => at(time, beat, renewed(1)));

judgesBy('P23', [
  ['kept', 'every heartbeat is answered', PLAIN, clients(), ...laptopWorks, ...beats('20s', '40s', '60s')],
  [
    'kept',
    'one heartbeat is lost with all of its retries',
    PLAIN,
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    vanishes('40s', beat),
    vanishes('45s', beat),
    lost('50s', beat, renewed(1)),
    ...beats('60s'),
  ],
  [
    'kept',
    'two heartbeats are lost, and that is beyond the budget',
    TIGHT,
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    vanishes('40s', beat),
    vanishes('60s', beat),
    at('80s', beat, gone('expired')),
  ],
  [
    'kept',
    'a fence stops a client that is cut off',
    PLAIN,
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    vanishes('40s', beat),
    vanishes('60s', beat),
    stopping('75s', 'laptop', 'fence'),
  ],
  [
    'kept',
    'a client that hung loses its session',
    PLAIN,
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    pauses('21s', 'laptop', 'hang'),
    resumes('99s', 'laptop'),
    at('99s', beat, gone('expired')),
  ],
  [
    'kept',
    'a client that was taken over loses its session',
    TAKING,
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    at('30s', starts('desktop', 'b'), granted('b', 2, { replaced: A })),
    at('31s', starts('tablet', 'c'), granted('c', 3, { replaced: B })),
    at('40s', beat, gone('unknown')),
  ],
  [
    'kept',
    'a store that fails is no fault of the budget',
    PLAIN,
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    fault('30s', 'outage'),
    at('40s', beat, failed),
    fault('79s', null),
    at('80s', beat, gone('expired')),
  ],
  [
    'kept',
    'heartbeats that the network holds up until after the loss',
    { ...PLAIN, retries: 0 },
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    holdsUp('21s', 'laptop', '300s'),
    stopping('75s', 'laptop', 'fence'),
    until('80s'),
  ],
  [
    'kept',
    'answers that come after the request timeout are none in time',
    { ...TIGHT, fence: seconds(39) },
    clients(),
    ...laptopWorks,
    slows('1s', 'laptop', '30s'),
    ...beats('20s'),
    exchange(['25s', '25s', '25s'], beat, renewed(1)),
    stopping('39s', 'laptop', 'fence'),
  ],
  [
    'kept',
    'its user stops it, and its end is lost',
    PLAIN,
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    stopping('21s', 'laptop', 'user'),
    stops('22s', 'laptop'),
    vanishes('22s', ends('laptop', 'a', 1)),
    at('80s', SWEEP, swept(A)),
  ],
  [
    'kept',
    'it crashes',
    PLAIN,
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    crash('21s', 'laptop'),
    at('80s', SWEEP, swept(A)),
  ],
  ['untested', 'nothing is renewed', PLAIN, clients(), ...laptopWorks],
  ['not-judged', 'no client runs', PLAIN, laptopStarts],
  [
    'broken',
    'two heartbeats are all there is to the timeout',
    TIGHT,
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    vanishes('40s', beat),
    exchange(['60s', '60.05s', '60.05s'], beat, gone('expired')),
  ],
  [
    'broken',
    'a timeout hardly above the heartbeat',
    { ...TIGHT, timeout: seconds(20.1) },
    clients(),
    exchange(['0s', '0.1s', '0.1s'], starts('laptop', 'a'), granted('a', 1)),
    begins('0.2s', 'laptop', 'a', 1),
    exchange(['20s', '20.25s', '20.25s'], beat, gone('expired')),
  ],
  [
    'broken',
    'a client that stops at the first failure',
    PLAIN,
    clients({ onFailure: 'stop' }),
    ...laptopWorks,
    ...beats('20s'),
    vanishes('40s', beat),
    stopping('45s', 'laptop', 'failure'),
  ],
  [
    'broken',
    'a fence that does not outlast a missed heartbeat',
    { ...PLAIN, fence: seconds(35), retries: 0 },
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    vanishes('40s', beat),
    stopping('55s', 'laptop', 'fence'),
  ],
  [
    'broken',
    'a sweep removes it before its time',
    PLAIN,
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    at('30s', SWEEP, swept(A)),
  ],
  [
    'broken',
    'a client forgets its heartbeats',
    PLAIN,
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    at('80s', SWEEP, swept(A)),
  ],
]);

test('P23 tells the figures that decided', () => {
  const lines = [clients(), ...laptopWorks, ...beats('20s'), vanishes('40s', beat), at('60s', beat, gone('expired'))];
  expect(verdictOn('P23', historyOf(TIGHT, lines)).findings).toMatchObject([
    {
      at: 60_000,
      message:
        'laptop (term 1) lost its session (expired) although only one of its heartbeats went without an answer in time',
      why: 'its last acknowledged request left at 20s, and it sends a heartbeat every 20s, and the timeout is 40s',
      fix: `let the timeout outlast two heartbeats and a request timeout, for example timeout: '46s'`,
      calls: [1, 2],
    },
  ]);
});

judgesBy('P24', [
  [
    'kept',
    'a start is refused and a heartbeat fails, and the holder is there afterwards',
    PLAIN,
    clients(),
    ...laptopWorks,
    ...beats('20s'),
    fault('30s', 'outage'),
    at('35s', starts('desktop', 'b'), failed),
    at('40s', beat, failed),
    fault('45s', null),
    ...beats('60s'),
  ],
  [
    'kept',
    'what was committed before it may be answered in it',
    PLAIN,
    fault('0s', null),
    (to) => {
      const call = to.call('laptop', {
        type: 'start',
        scope: { license: 'L1', symbol: '' },
        session: 'a',
        device: 'x',
        takeOver: null,
      });
      fault('1s', 'outage')(to);
      to.answer(call, {
        type: 'granted',
        session: 'a',
        term: 1,
        expiry: 61_000 as never,
        replaced: null,
        notice: null,
      });
    },
    at('2s', starts('desktop', 'b'), failed),
  ],
  [
    'kept',
    'a fence stops the holder',
    PLAIN,
    clients(),
    ...laptopWorks,
    fault('1s', 'outage'),
    at('20s', beat, failed),
    stopping('55s', 'laptop', 'fence'),
  ],
  ['untested', 'the store never fails', PLAIN, laptopStarts],
  ['untested', 'it is only slow', PLAIN, fault('0s', 'slow'), laptopStarts],
  ['broken', 'a start is granted in it', PLAIN, fault('0s', 'outage'), laptopStarts],
  ['broken', 'a heartbeat is renewed in it', PLAIN, laptopStarts, fault('1s', 'table-missing'), ...beats('20s')],
  [
    'broken',
    'it stops a client at the first failed request',
    PLAIN,
    clients({ onFailure: 'stop' }),
    ...laptopWorks,
    fault('1s', 'outage'),
    at('20s', beat, failed),
    stopping('20s', 'laptop', 'failure'),
  ],
  [
    'broken',
    'an acknowledged heartbeat is lost with it',
    PLAIN,
    laptopStarts,
    ...beats('20s'),
    fault('30s', 'outage'),
    fault('40s', null),
    at('41s', starts('desktop', 'b'), granted('b', 2)),
  ],
]);

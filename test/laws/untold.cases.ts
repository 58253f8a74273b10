/** Services that tell nothing but types, or little more: what each law makes of them by their effects. */
import type { Policy } from '../../src/core/policy.ts';
import type { NamedHolder, Reply } from '../../src/core/reply.ts';
import { milliseconds, minutes, NO_TIME, parseDuration, type Instant } from '../../src/core/time.ts';
import type { Case, Tables } from './cases.ts';
import {
  asks,
  at,
  begins,
  clients,
  crash,
  emptyRow,
  ends,
  fingerprintOf,
  fromMemoryOf,
  granted,
  heartbeats,
  holder,
  lost,
  RELEASED,
  row,
  PLAIN,
  renewed,
  presenting,
  starts,
  stops,
  SWEEP,
  swept,
  together,
  tries,
  until,
  withoutTerm,
  type Line,
} from './history-of.ts';

const TAKING: Policy = { ...PLAIN, onConflict: 'take-over' };
const JOINING: Policy = { ...PLAIN, sameDevice: 'join' };
const SWEPT: Policy = { ...PLAIN, cleanUp: { type: 'swept', every: minutes(5) } };
const GRACIOUS: Policy = { ...PLAIN, grace: { afterExpiry: milliseconds(10_000), afterTakeover: NO_TIME } };
const SWEPT_GRACIOUS: Policy = { ...SWEPT, grace: GRACIOUS.grace };
const YIELDING: Policy = { ...TAKING, grace: { afterExpiry: NO_TIME, afterTakeover: milliseconds(30_000) } };
const PER_SYMBOL: Policy = { ...PLAIN, scope: 'license-and-symbol' };
const EUR = { license: 'L1', symbol: 'EUR' };
const USD = { license: 'L1', symbol: 'USD' };

/** A reply that tells its type and nothing else. */
const only = (type: Exclude<Reply['type'], 'failed'>) => (): Reply => ({ type });
const waits = (seconds: `${number}s`) => (): Reply => ({ type: 'refused', retryAfter: parseDuration(seconds) });

const keyed = (type: 'granted' | 'renewed', credential: string) => (): Reply => ({ type, credential });

const named = (replaced: NamedHolder) => (): Reply => ({ type: 'granted', replaced });

const beat = heartbeats('laptop', 'a', 1);
const end = ends('laptop', 'a', 1);
const laptopStarts = at('0s', starts('laptop', 'a'), only('granted'));
const laptopWorks: readonly Line[] = [laptopStarts, begins('0s', 'laptop', 'a', 1)];

const laptopKeyed = at('0s', starts('laptop', 'a'), keyed('granted', 'k1'));
/** The start is sent again, and the service makes another session of its own. */
const retried = at('5s', starts('laptop', 'a'), keyed('granted', 'k2'));
const worksKeyed: readonly Line[] = [
  at('0s', starts('laptop', 'a'), () => ({ type: 'granted', term: 1, credential: 'k1' })),
  begins('0s', 'laptop', 'a', 1),
];
/** Answers of two servers, each from its memory. */
const inMemory: readonly Line[] = [
  fromMemoryOf(1, laptopStarts),
  fromMemoryOf(2, at('1s', starts('desktop', 'b'), only('granted'))),
];

const P0: readonly Case[] = [
  ['kept', 'replies that tell only their types are valid', PLAIN, laptopStarts, at('1s', beat, only('renewed'))],
];

const P1: readonly Case[] = [
  [
    'kept',
    'a process that joined the session of its device is renewed under the id that it asked for',
    JOINING,
    laptopStarts,
    at('1s', starts('laptop', 'b'), only('granted')),
    at('20s', heartbeats('laptop', 'b', 1), only('renewed')),
    at('21s', starts('desktop', 'c'), only('refused')),
  ],
  ['broken', 'another server grants the seat from its own memory', PLAIN, ...inMemory],
  [
    'broken',
    'one server grants the seat twice from its memory',
    PLAIN,
    fromMemoryOf(1, laptopStarts),
    fromMemoryOf(1, at('1s', starts('desktop', 'b'), only('granted'))),
  ],
  [
    'broken',
    'a heartbeat was told an expiry before the timeout, and the seat is granted then',
    PLAIN,
    laptopStarts,
    at('20s', beat, () => ({ type: 'renewed', expiry: 50_000 as Instant })),
    at('50s', starts('desktop', 'b'), only('granted')),
  ],
  [
    'kept',
    'a rival is refused, and granted after the timeout',
    PLAIN,
    laptopStarts,
    at('1s', starts('desktop', 'b'), only('refused')),
    at('60s', starts('desktop', 'c'), only('granted')),
  ],
  [
    'broken',
    'a rival is granted beside a live holder',
    PLAIN,
    laptopStarts,
    at('1s', starts('desktop', 'b'), only('granted')),
  ],
  [
    'not-judged',
    'a takeover does not tell whom it replaced',
    TAKING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), only('granted')),
  ],
  [
    'broken',
    'the victim of a takeover is renewed beside its successor',
    TAKING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), only('granted')),
    at('2s', beat, only('renewed')),
  ],
  [
    'not-judged',
    'a process joins the session of its device',
    JOINING,
    laptopStarts,
    at('1s', starts('laptop', 'x'), only('granted')),
  ],
  ['not-judged', 'a device reconnects', PLAIN, laptopStarts, at('1s', starts('laptop', 'x'), only('granted'))],
  [
    'kept',
    'of two starts at once one is refused',
    PLAIN,
    together('0s', [starts('laptop', 'a'), only('granted')], [starts('desktop', 'b'), only('refused')]),
  ],
];

const P2: readonly Case[] = [
  [
    'broken',
    'another server grants the seat of a working client from its own memory',
    PLAIN,
    clients(),
    ...inMemory,
    begins('0s', 'laptop', 'a', 1),
    begins('1s', 'desktop', 'b', 1),
    until('20s'),
  ],
  [
    'broken',
    'two devices work at once',
    PLAIN,
    clients({ fence: null }),
    ...laptopWorks,
    at('60s', starts('desktop', 'b'), only('granted')),
    begins('60s', 'desktop', 'b', 2),
    until('65s'),
  ],
];

const P3: readonly Case[] = [
  [
    'not-judged',
    'effects carry no term',
    PLAIN,
    laptopStarts,
    (to) =>
      to.add({
        type: 'effect-tried',
        at: to.now,
        actor: 'laptop',
        scope: { license: 'L1', symbol: '' },
        term: null,
        accepted: true,
      }),
  ],
  ['untested', 'only one session acts', PLAIN, laptopStarts, tries('1s', 'laptop', 1, true)],
];

const P4: readonly Case[] = [
  [
    'kept',
    'the heartbeat of an ended session is gone',
    PLAIN,
    laptopStarts,
    at('1s', end, only('ended')),
    at('2s', beat, only('gone')),
  ],
  [
    'broken',
    'a heartbeat renewed an ended session',
    PLAIN,
    laptopStarts,
    at('1s', end, only('ended')),
    at('2s', beat, only('renewed')),
  ],
  [
    'not-judged',
    'grants tell no term',
    PLAIN,
    laptopStarts,
    at('1s', end, only('ended')),
    at('2s', starts('desktop', 'b'), only('granted')),
  ],
];

const P5: readonly Case[] = [
  [
    'kept',
    'an end presents the credential from before a rotation, and its session is over',
    PLAIN,
    laptopKeyed,
    at('20s', presenting('k1', beat), keyed('renewed', 'k2')),
    at('40s', presenting('k2', beat), keyed('renewed', 'k3')),
    at('41s', asks('desktop'), only('active')),
    at('42s', presenting('k2', end), only('ended')),
    at('43s', starts('desktop', 'b'), only('granted')),
  ],
  [
    'kept',
    'a heartbeat keeps its session for the timeout',
    PLAIN,
    laptopStarts,
    at('20s', beat, only('renewed')),
    at('79s', starts('desktop', 'b'), only('refused')),
  ],
  [
    'broken',
    'a renewed session is gone before its timeout',
    PLAIN,
    laptopStarts,
    at('20s', beat, only('renewed')),
    at('40s', beat, only('gone')),
  ],
  [
    'broken',
    'a rival is granted before the timeout',
    PLAIN,
    laptopStarts,
    at('20s', beat, only('renewed')),
    at('61s', starts('desktop', 'b'), only('granted')),
  ],
];

const P6: readonly Case[] = [
  ['not-judged', 'nothing is known of the store', PLAIN, laptopStarts, at('20s', beat, only('renewed'))],
  [
    'not-judged',
    'the service does not use the store that is watched',
    PLAIN,
    at('0s', starts('laptop', 'a'), granted('a', 1), emptyRow()),
    at('20s', beat, renewed(1), emptyRow()),
  ],
];

const P7: readonly Case[] = [
  ['kept', 'a status finds the seat in use', PLAIN, laptopStarts, at('1s', asks('desktop'), only('active'))],
  ['broken', 'a status finds the seat free', PLAIN, laptopStarts, at('1s', asks('desktop'), only('idle'))],
  [
    'kept',
    'a refusal shows that the session is found',
    PLAIN,
    laptopStarts,
    at('1s', starts('desktop', 'b'), only('refused')),
  ],
];

const P9: readonly Case[] = [
  [
    'not-judged',
    'a takeover does not tell whom it replaced',
    TAKING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), only('granted')),
  ],
  [
    'not-judged',
    'a victim is gone without a reason',
    TAKING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), only('granted')),
    at('2s', beat, only('gone')),
  ],
  [
    'kept',
    'a takeover names the device alone',
    TAKING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), named({ device: fingerprintOf('laptop') })),
  ],
  [
    'not-judged',
    'a takeover is told by the grant that follows its grace alone',
    YIELDING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), only('refused')),
    at('31s', starts('desktop', 'b'), named({ device: fingerprintOf('laptop') })),
  ],
];

const P10: readonly Case[] = [
  [
    'untested',
    'no takeover is told',
    TAKING,
    clients(),
    ...laptopWorks,
    at('1s', starts('desktop', 'b'), only('granted')),
    stops('90s', 'laptop'),
  ],
];

const P11: readonly Case[] = [
  [
    'kept',
    'a rival is granted after the timeout',
    PLAIN,
    laptopStarts,
    at('60s', starts('desktop', 'b'), only('granted')),
  ],
  ['broken', 'a silent session blocks', PLAIN, laptopStarts, at('60s', starts('desktop', 'b'), only('refused'))],
  [
    'untested',
    'a refusal within the grace',
    GRACIOUS,
    laptopStarts,
    at('65s', starts('desktop', 'b'), only('refused')),
  ],
];

const P12: readonly Case[] = [
  [
    'broken',
    'another server does not know the session',
    PLAIN,
    fromMemoryOf(1, laptopStarts),
    fromMemoryOf(2, at('20s', beat, only('gone'))),
  ],
  [
    'kept',
    'a heartbeat presents the credential from before its start was sent again',
    PLAIN,
    laptopKeyed,
    retried,
    at('20s', presenting('k1', beat), only('gone')),
  ],
  [
    'kept',
    'a heartbeat presents the credential from before a rotation',
    PLAIN,
    laptopKeyed,
    at('20s', presenting('k1', beat), keyed('renewed', 'k2')),
    at('25s', presenting('k1', beat), only('gone')),
  ],
  [
    'broken',
    'a heartbeat that presents the latest credential is gone',
    PLAIN,
    laptopKeyed,
    at('20s', presenting('k1', beat), keyed('renewed', 'k2')),
    at('40s', presenting('k2', beat), only('gone')),
  ],
  [
    'kept',
    'a rival is refused before the timeout',
    PLAIN,
    laptopStarts,
    at('59s', starts('desktop', 'b'), only('refused')),
  ],
  [
    'broken',
    'a heartbeat is gone without a reason before the timeout',
    PLAIN,
    laptopStarts,
    at('59s', beat, only('gone')),
  ],
  ['untested', 'a device reconnects', PLAIN, laptopStarts, at('1s', starts('laptop', 'x'), only('granted'))],
  ['untested', 'a sweep does not tell what it removed', SWEPT, laptopStarts, at('1s', SWEEP, only('swept'))],
];

const P13: readonly Case[] = [
  [
    'kept',
    'a session that a sweep removed blocks within its grace, without a reason',
    SWEPT_GRACIOUS,
    laptopStarts,
    at('300s', SWEEP, swept(holder('a', 'laptop', 1))),
    at('365s', starts('desktop', 'b'), only('refused')),
  ],
  [
    'broken',
    'a session that a sweep removed blocks after its grace, without a reason',
    SWEPT_GRACIOUS,
    laptopStarts,
    at('300s', SWEEP, swept(holder('a', 'laptop', 1))),
    at('371s', starts('desktop', 'b'), only('refused')),
  ],
  [
    'broken',
    'a session that may have been taken over blocks after its clean-up, and no sweep ran',
    { ...YIELDING, cleanUp: SWEPT.cleanUp },
    laptopStarts,
    at('1s', starts('desktop', 'b'), only('refused')),
    at('361s', starts('desktop', 'c'), only('refused')),
  ],
  [
    'broken',
    'two starts of one session overlap, and the later answer is a refusal',
    { ...PLAIN, sameDevice: 'refuse' },
    together('0s', [starts('laptop', 'a'), only('granted')], [starts('laptop', 'a'), only('refused')]),
  ],
  [
    'kept',
    'an end presents an earlier credential, and a rival is refused',
    PLAIN,
    laptopKeyed,
    retried,
    at('6s', presenting('k1', end), only('ended')),
    at('7s', starts('desktop', 'b'), only('refused')),
    at('65s', starts('desktop', 'c'), only('granted')),
  ],
  [
    'kept',
    'an end presents no credential, because the answer to its start was lost, and a rival is refused',
    PLAIN,
    lost('0s', starts('laptop', 'a'), keyed('granted', 'k1')),
    at('6s', end, only('ended')),
    at('7s', starts('desktop', 'b'), only('refused')),
    at('65s', starts('desktop', 'c'), only('granted')),
  ],
  ['kept', 'a free seat is granted', PLAIN, laptopStarts],
  ['broken', 'a free seat is refused', PLAIN, at('0s', starts('laptop', 'a'), only('refused'))],
  [
    'broken',
    'a device is refused because of its own session',
    PLAIN,
    laptopStarts,
    at('1s', starts('laptop', 'b'), only('refused')),
  ],
  [
    'broken',
    'a released session blocks',
    PLAIN,
    laptopStarts,
    at('1s', end, only('ended')),
    at('2s', starts('desktop', 'b'), only('refused')),
  ],
  [
    'kept',
    'the grace after an expiry, without a reason',
    GRACIOUS,
    laptopStarts,
    at('65s', starts('desktop', 'b'), only('refused')),
    at('70s', starts('desktop', 'b'), only('granted')),
  ],
  [
    'broken',
    'a refusal beyond the grace, without a reason',
    GRACIOUS,
    laptopStarts,
    at('70s', starts('desktop', 'b'), only('refused')),
  ],
  [
    'kept',
    'the victim of a takeover that waits for its grace is refused',
    YIELDING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), only('refused')),
    at('2s', starts('laptop', 'c'), only('refused')),
  ],
];

const P14: readonly Case[] = [
  [
    'kept',
    'a rival starts after a crash',
    PLAIN,
    laptopStarts,
    crash('5s', 'laptop'),
    at('60s', starts('desktop', 'b'), only('granted')),
  ],
  [
    'broken',
    'a crashed session blocks',
    PLAIN,
    laptopStarts,
    crash('5s', 'laptop'),
    at('60s', starts('desktop', 'b'), only('refused')),
  ],
];

const P15: readonly Case[] = [
  ['not-judged', 'a refusal tells no wait', PLAIN, laptopStarts, at('1s', starts('desktop', 'b'), only('refused'))],
  [
    'kept',
    'a wait is all that is told',
    PLAIN,
    laptopStarts,
    at('20s', starts('desktop', 'b'), waits('40s')),
    at('60s', starts('desktop', 'c'), only('granted')),
  ],
  [
    'broken',
    'a wait is all that is told, and it is too short',
    PLAIN,
    laptopStarts,
    at('20s', starts('desktop', 'b'), waits('30s')),
    at('50s', starts('desktop', 'c'), only('refused')),
  ],
];

const P16: readonly Case[] = [
  [
    'kept',
    'an end presents the credential from before a rotation, and is answered gone',
    PLAIN,
    laptopKeyed,
    at('20s', presenting('k1', beat), keyed('renewed', 'k2')),
    at('21s', presenting('k1', end), only('gone')),
    at('22s', presenting('k2', end), only('ended')),
    at('23s', starts('desktop', 'b'), only('granted')),
  ],
  [
    'broken',
    'an end presents the latest credential, and is answered gone',
    PLAIN,
    laptopKeyed,
    at('20s', presenting('k1', beat), keyed('renewed', 'k2')),
    at('21s', presenting('k2', end), only('gone')),
  ],
  [
    'untested',
    'an end and its repetition are answered',
    PLAIN,
    laptopStarts,
    at('1s', end, only('ended')),
    at('2s', end, only('ended')),
  ],
  [
    'kept',
    'the successor is live after a late end',
    TAKING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), only('granted')),
    at('2s', end, only('gone')),
    at('3s', heartbeats('desktop', 'b', 2), only('renewed')),
  ],
  [
    'broken',
    'the successor is gone after a late end',
    TAKING,
    laptopStarts,
    at('1s', starts('desktop', 'b'), only('granted')),
    at('2s', end, only('ended')),
    at('3s', heartbeats('desktop', 'b', 2), only('gone')),
  ],
  ['broken', 'the end of a live session is answered gone', PLAIN, laptopStarts, at('1s', end, only('gone'))],
];

const P17: readonly Case[] = [
  [
    'broken',
    'another server does not know the session',
    PLAIN,
    fromMemoryOf(1, laptopStarts),
    fromMemoryOf(2, at('20s', beat, only('gone'))),
  ],
  ['kept', 'a heartbeat at the timeout is gone', PLAIN, laptopStarts, at('60s', beat, only('gone'))],
  ['broken', 'a heartbeat at the timeout is renewed', PLAIN, laptopStarts, at('60s', beat, only('renewed'))],
  [
    'kept',
    'a status a millisecond before it finds the seat in use',
    PLAIN,
    laptopStarts,
    at('59.999s', asks('desktop'), only('active')),
  ],
  ['untested', 'a sweep does not tell what it removed', PLAIN, laptopStarts, at('60s', SWEEP, only('swept'))],
];

const P19: readonly Case[] = [
  ['not-judged', 'a sweep does not tell what it removed', PLAIN, laptopStarts, at('60s', SWEEP, only('swept'))],
  [
    'broken',
    'a heartbeat is renewed at an age at which a sweep removes',
    PLAIN,
    laptopStarts,
    at('10s', SWEEP, only('swept')),
    at('60s', beat, only('renewed')),
  ],
];

const P22: readonly Case[] = [
  [
    'kept',
    'an end without a term releases the row',
    PLAIN,
    laptopStarts,
    at('1s', withoutTerm(end), only('ended'), row(1, 'a', 'laptop', RELEASED)),
  ],
  ['broken', 'a row is released without an end', PLAIN, laptopStarts, row(1, 'a', 'laptop', RELEASED)],
  [
    'kept',
    'a seat stays closed after its own device took it over and ended',
    YIELDING,
    laptopStarts,
    at('0s', starts('laptop', 'b'), only('granted')),
    at('1s', ends('laptop', 'b', 2), only('ended'), row(2, 'b', 'laptop', RELEASED)),
    at('2s', starts('desktop', 'c'), only('refused')),
  ],
];

const P23: readonly Case[] = [
  [
    'broken',
    'the answer to a heartbeat that rotates the credential is lost',
    PLAIN,
    clients(),
    ...worksKeyed,
    lost('20s', presenting('k1', beat), keyed('renewed', 'k2')),
    at('40s', presenting('k1', beat), only('gone')),
  ],
  [
    'kept',
    'a late heartbeat presents a credential that its client has replaced since',
    PLAIN,
    clients(),
    ...worksKeyed,
    at('20s', presenting('k1', beat), keyed('renewed', 'k2')),
    at('25s', presenting('k1', beat), only('gone')),
  ],
  [
    'untested',
    'a start of the same device replaced the session',
    PLAIN,
    clients(),
    ...worksKeyed,
    lost('5s', starts('laptop', 'a'), keyed('granted', 'k2')),
    at('20s', presenting('k1', beat), only('gone')),
  ],
];

const P20: readonly Case[] = [
  [
    'not-judged',
    'a retried start is granted',
    PLAIN,
    lost('0s', starts('laptop', 'a'), only('granted')),
    at('5s', starts('laptop', 'a'), only('granted')),
  ],
  [
    'broken',
    'a retried start is refused',
    PLAIN,
    lost('0s', starts('laptop', 'a'), only('granted')),
    at('5s', starts('laptop', 'a'), only('refused')),
  ],
  [
    'not-judged',
    'a retried start is granted with a credential of the service’s own',
    PLAIN,
    lost('0s', starts('laptop', 'a'), () => ({ type: 'granted', credential: 'token-1' })),
    at('5s', starts('laptop', 'a'), () => ({ type: 'granted', credential: 'token-2' })),
  ],
];

const P21: readonly Case[] = [
  [
    'broken',
    'two symbols at once',
    PER_SYMBOL,
    at('0s', starts('laptop', 'a', null, EUR), only('granted')),
    at('1s', starts('desktop', 'b', null, USD), only('granted')),
  ],
];

const TABLES: Tables = {
  P0,
  P1,
  P2,
  P3,
  P4,
  P5,
  P6,
  P7,
  P9,
  P10,
  P11,
  P12,
  P13,
  P14,
  P15,
  P16,
  P17,
  P19,
  P20,
  P21,
  P22,
  P23,
};

/** The titles say what the service tells, because other tables have rows alike. */
export const UNTOLD: Tables = Object.fromEntries(
  Object.entries(TABLES).map(([code, cases]) => [
    code,
    cases.map(([outcome, what, ...rest]): Case => [outcome, `types only: ${what}`, ...rest]),
  ]),
);

/** The rules of the server, as every service must keep them. Times are milliseconds of the store's clock; T is 40 s. */
import type { Policy } from '../../src/core/policy.ts';
import { NO_TIME, seconds } from '../../src/core/time.ts';
import type { Rule } from './conformance.ts';
import {
  active,
  asks,
  beats,
  ended,
  ends,
  failed,
  fails,
  gone,
  granted,
  idle,
  PLAIN,
  refused,
  renewed,
  restarts,
  starts,
  sweeps,
  T,
} from './moments.ts';

const BY_SYMBOL: Policy = { ...PLAIN, scope: 'license-and-symbol' };
const AFTER: Policy = { ...PLAIN, expiry: 'after' };
const REVIVE: Policy = { ...PLAIN, lateHeartbeat: 'revive' };
const JOIN: Policy = { ...PLAIN, sameDevice: 'join' };
const STRICT: Policy = { ...PLAIN, sameDevice: 'refuse' };
const STRICT_DELAY: Policy = { ...STRICT, grace: { afterExpiry: seconds(15), afterTakeover: NO_TIME } };
const ASK: Policy = { ...PLAIN, onConflict: 'ask' };
const ASK_STRICT: Policy = { ...ASK, sameDevice: 'refuse' };
const TAKE_OVER: Policy = { ...PLAIN, onConflict: 'take-over' };
const GRACE: Policy = { ...ASK, grace: { afterExpiry: NO_TIME, afterTakeover: seconds(30) } };
const LOCK_DELAY: Policy = { ...PLAIN, grace: { afterExpiry: seconds(15), afterTakeover: NO_TIME } };
const SWEPT: Policy = { ...REVIVE, cleanUp: { type: 'swept', every: seconds(60) } };

const laptop = { session: 's1', device: 'laptop', term: 1 };
const bot = { session: 's2', device: 'laptop', term: 2 };
const eur = { license: 'key-1', symbol: 'EURUSD' };

export const RULES: readonly { readonly about: string; readonly rules: readonly Rule[] }[] = [
  {
    about: 'one session for a seat',
    rules: [
      {
        sentence: 'a seat that was never granted is granted with term 1, until its timeout has passed',
        policy: PLAIN,
        moments: [
          starts(5, 's1', 'laptop', granted(1, { session: 's1', expiry: 5 + T, replaced: null, notice: null })),
          asks(5, active('s1', 5 + T)),
        ],
      },
      {
        sentence: 'another device is refused, told who holds the seat and how long to wait',
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(10_000, 's2', 'desktop', refused('other-device', 30_000, { holder: laptop })),
        ],
      },
      {
        sentence: 'a start said twice yields the same session and term, renewed',
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(7, 's1', 'laptop', granted(1, { session: 's1', expiry: 7 + T, replaced: null })),
        ],
      },
      {
        sentence: 'the session id of another device opens nothing',
        policy: PLAIN,
        moments: [starts(0, 's1', 'laptop', granted(1)), starts(1, 's1', 'desktop', refused('other-device', T - 1))],
      },
      {
        sentence: 'licenses and symbols are seats of their own',
        policy: BY_SYMBOL,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(0, 's2', 'desktop', granted(1), { scope: { license: 'key-2', symbol: '' } }),
          starts(0, 's3', 'desktop', granted(1), { scope: eur }),
          ends(1, 's3', 1, ended, eur),
          asks(1, active('s1', T)),
          asks(1, idle(0), eur),
        ],
      },
      {
        sentence: 'nothing can be done about a license that nobody sold, and every command says so',
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', failed('unknown-license'), { scope: { license: 'key-9', symbol: '' } }),
          asks(0, failed('unknown-license'), { license: 'key-9', symbol: '' }),
          beats(0, 's1', 1, failed('unknown-license'), { license: 'key-9', symbol: '' }),
          ends(0, 's1', 1, failed('unknown-license'), { license: 'key-9', symbol: '' }),
        ],
      },
    ],
  },
  {
    about: 'expiry',
    rules: [
      {
        sentence: "under 'at' a session counts at T − 1 and no longer at T",
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(T - 1, 's2', 'desktop', refused('other-device', 1)),
          asks(T - 1, active('s1', T)),
          asks(T, idle(0)),
          starts(T, 's2', 'desktop', granted(2, { replaced: null })),
          beats(T, 's1', 1, gone('expired', 'desktop')),
        ],
      },
      {
        sentence: "under 'after' a session counts at T and no longer at T + 1",
        policy: AFTER,
        moments: [
          starts(0, 's1', 'laptop', granted(1, { expiry: T + 1 })),
          starts(T, 's2', 'desktop', refused('other-device', 1)),
          asks(T, active('s1', T + 1)),
          asks(T + 1, idle(0)),
          starts(T + 1, 's2', 'desktop', granted(2, { replaced: null })),
        ],
      },
      {
        sentence: 'a heartbeat moves the expiry on',
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          beats(T - 1, 's1', 1, renewed(2 * T - 1)),
          starts(2 * T - 2, 's2', 'desktop', refused('other-device', 1)),
          starts(2 * T - 1, 's2', 'desktop', granted(2)),
        ],
      },
      {
        sentence: 'a late heartbeat is rejected where the policy rejects it',
        policy: PLAIN,
        moments: [starts(0, 's1', 'laptop', granted(1)), beats(T, 's1', 1, gone('expired', null)), asks(T, idle(0))],
      },
      {
        sentence: 'a late heartbeat brings the session back where the policy revives it and nobody came',
        policy: REVIVE,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          beats(3 * T, 's1', 1, renewed(4 * T)),
          starts(4 * T - 1, 's2', 'desktop', refused('other-device', 1)),
          starts(4 * T, 's2', 'desktop', granted(2)),
          beats(4 * T, 's1', 1, gone('expired', 'desktop')),
        ],
      },
      {
        sentence: 'a grace after expiry keeps the seat free for other devices, and not for its own',
        policy: LOCK_DELAY,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(1_000, 's2', 'desktop', refused('other-device', T + 14_000)),
          starts(T, 's2', 'desktop', refused('grace', 15_000, { holder: laptop })),
          asks(T, idle(15_000)),
          starts(T + 14_999, 's2', 'desktop', refused('grace', 1)),
          starts(T + 14_999, 's3', 'laptop', granted(2)),
        ],
      },
      {
        sentence: 'a policy that refuses the own device makes it wait for the grace too',
        policy: STRICT_DELAY,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(T + 14_999, 's2', 'laptop', refused('grace', 1)),
          starts(T + 15_000, 's2', 'laptop', granted(2)),
        ],
      },
      {
        sentence: 'after the grace the seat is free for all',
        policy: LOCK_DELAY,
        moments: [starts(0, 's1', 'laptop', granted(1)), starts(T + 15_000, 's2', 'desktop', granted(2))],
      },
    ],
  },
  {
    about: 'clean-up',
    rules: [
      {
        sentence: 'where a sweep cleans up, an expired session counts until the sweep came by',
        policy: SWEPT,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(T, 's2', 'desktop', refused('other-device', 60_000)),
          starts(T + 60_000, 's2', 'desktop', refused('other-device', 60_000)),
          asks(T + 60_000, active('s1', T)),
          sweeps(T + 60_001, 's1'),
          beats(T + 60_001, 's1', 1, gone('expired', null)),
          starts(T + 60_001, 's2', 'desktop', granted(2)),
        ],
      },
      {
        sentence: 'a heartbeat before the sweep saves an expired session where it revives',
        policy: SWEPT,
        moments: [starts(0, 's1', 'laptop', granted(1)), beats(T + 5, 's1', 1, renewed(2 * T + 5)), sweeps(T + 6)],
      },
      {
        sentence: 'a sweep lets go of what has expired and of nothing else, ordered by license and symbol, once',
        policy: PLAIN,
        moments: [
          starts(0, 's2', 'laptop', granted(1), { scope: { license: 'key-2', symbol: '' } }),
          starts(0, 's3', 'laptop', granted(1), { scope: eur }),
          starts(0, 's1', 'laptop', granted(1)),
          starts(1, 's4', 'laptop', granted(1), { scope: { license: 'key-2', symbol: 'EURUSD' } }),
          sweeps(T - 1),
          sweeps(T, 's1', 's3', 's2'),
          sweeps(T),
          ends(T, 's1', 1, ended),
        ],
      },
    ],
  },
  {
    about: 'the same device',
    rules: [
      {
        sentence: 'may reconnect: the next term at once, and the earlier session learns that it was replaced',
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(1, 's2', 'laptop', granted(2, { session: 's2', replaced: laptop })),
          beats(2, 's1', 1, gone('replaced', 'laptop')),
          ends(2, 's1', 1, gone('replaced', 'laptop')),
          beats(2, 's2', 2, renewed(2 + T)),
        ],
      },
      {
        sentence: 'may join: the session and term that are there, shared',
        policy: JOIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(1, 's2', 'laptop', granted(1, { session: 's1', expiry: 1 + T, replaced: null })),
        ],
      },
      {
        sentence: 'may be refused as long as its earlier session counts',
        policy: STRICT,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(T - 1, 's2', 'laptop', refused('same-device', 1)),
          starts(T, 's2', 'laptop', granted(2)),
        ],
      },
      {
        sentence: 'may take its own session over by term where the policy asks',
        policy: ASK_STRICT,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(1, 's2', 'laptop', refused('same-device', T - 1)),
          starts(2, 's2', 'laptop', granted(2, { replaced: laptop }), { takeOver: 1 }),
        ],
      },
    ],
  },
  {
    about: 'takeover',
    rules: [
      {
        sentence: 'where the policy asks, only the named term is taken over',
        policy: ASK,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(1, 's2', 'desktop', refused('other-device', T - 1, { holder: laptop })),
          starts(2, 's2', 'desktop', refused('other-device', T - 2), { takeOver: 0 }),
          starts(3, 's2', 'desktop', granted(2, { replaced: laptop }), { takeOver: 1 }),
          beats(4, 's1', 1, gone('replaced', 'desktop')),
          starts(5, 's3', 'phone', refused('other-device', T - 2), { takeOver: 1 }),
        ],
      },
      {
        sentence: 'where the policy takes over, whoever comes has the seat',
        policy: TAKE_OVER,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(1, 's2', 'desktop', granted(2, { replaced: laptop })),
          starts(2, 's3', 'laptop', granted(3)),
        ],
      },
      {
        sentence: 'where the policy refuses, naming the term helps nobody',
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(1, 's2', 'desktop', refused('other-device', T - 1), { takeOver: 1 }),
        ],
      },
      {
        sentence: 'with a grace the holder loses the seat at once, and the next grant waits',
        policy: GRACE,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(5_000, 's2', 'desktop', refused('grace', 30_000, { replaced: laptop }), { takeOver: 1 }),
          beats(5_001, 's1', 1, gone('replaced', 'desktop')),
          asks(5_001, idle(29_999)),
          starts(5_002, 's1', 'laptop', refused('grace', 29_998)),
          starts(34_999, 's2', 'desktop', refused('grace', 1)),
          starts(35_000, 's2', 'desktop', granted(2, { replaced: null })),
          beats(35_000, 's1', 1, gone('replaced', 'desktop')),
        ],
      },
      {
        sentence: 'a grace never lasts beyond the expiry that the victim would have had anyway',
        policy: GRACE,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(T - 1, 's2', 'desktop', refused('grace', 1, { replaced: laptop }), { takeOver: 1 }),
          starts(T, 's2', 'desktop', granted(2, { replaced: null })),
        ],
      },
      {
        sentence: "the victim's own end frees the seat early",
        policy: GRACE,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(1, 's2', 'desktop', refused('grace', 30_000, { replaced: laptop }), { takeOver: 1 }),
          ends(2, 's1', 1, ended),
          asks(2, idle(0)),
          starts(3, 's2', 'desktop', granted(2)),
          beats(3, 's1', 1, gone('ended', 'desktop')),
        ],
      },
    ],
  },
  {
    about: 'a process that its own device replaced, and that may not know yet',
    rules: [
      {
        sentence:
          'what the device replaced keeps others out for the grace after a takeover, also after the end of what came',
        policy: GRACE,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(5_000, 's2', 'laptop', granted(2, { replaced: laptop })),
          ends(6_000, 's2', 2, ended),
          asks(6_000, idle(29_000)),
          starts(34_999, 's3', 'desktop', refused('grace', 1, { holder: bot })),
          starts(35_000, 's3', 'desktop', granted(3)),
        ],
      },
      {
        sentence: 'a late copy of its start does not bring it back',
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(1_000, 's2', 'laptop', granted(2, { replaced: laptop })),
          starts(2_000, 's1', 'laptop', gone('replaced', 'laptop')),
          asks(2_000, active('s2', 1_000 + T)),
          ends(3_000, 's2', 2, ended),
          starts(4_000, 's1', 'laptop', gone('replaced', 'laptop')),
          asks(4_000, idle(0)),
        ],
      },
      {
        sentence: 'never beyond the expiry that the replaced one would have had',
        policy: GRACE,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(T - 1, 's2', 'laptop', granted(2)),
          ends(T - 1, 's2', 2, ended),
          starts(T - 1, 's3', 'desktop', refused('grace', 1)),
          starts(T, 's3', 'desktop', granted(3)),
        ],
      },
      {
        sentence: 'the device itself may come back at any time, and others wait no less for that',
        policy: GRACE,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(5_000, 's2', 'laptop', granted(2)),
          ends(6_000, 's2', 2, ended),
          starts(7_000, 's4', 'laptop', granted(3, { replaced: null })),
          ends(8_000, 's4', 3, ended),
          starts(34_999, 's3', 'desktop', refused('grace', 1)),
          starts(35_000, 's3', 'desktop', granted(4)),
        ],
      },
      {
        sentence: 'whoever takes over from the one that came waits until both have stopped',
        policy: GRACE,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(5_000, 's2', 'laptop', granted(2)),
          starts(6_000, 's3', 'desktop', refused('grace', 30_000, { replaced: bot }), { takeOver: 2 }),
          ends(7_000, 's2', 2, ended),
          starts(34_999, 's3', 'desktop', refused('grace', 1)),
          starts(35_000, 's3', 'desktop', granted(3)),
        ],
      },
      {
        sentence: 'a device that comes back within the grace of its own silence does not shorten it for others',
        policy: LOCK_DELAY,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(T, 's2', 'laptop', granted(2)),
          ends(T + 1, 's2', 2, ended),
          starts(T + 14_999, 's3', 'desktop', refused('grace', 1)),
          starts(T + 15_000, 's3', 'desktop', granted(3)),
        ],
      },
      {
        sentence: 'without a grace nobody waits for it',
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(5_000, 's2', 'laptop', granted(2)),
          ends(6_000, 's2', 2, ended),
          starts(6_000, 's3', 'desktop', granted(3)),
        ],
      },
    ],
  },
  {
    about: 'ending',
    rules: [
      {
        sentence: 'an end frees the seat at once, and said twice changes nothing more',
        policy: LOCK_DELAY,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          ends(1, 's1', 1, ended),
          ends(2, 's1', 1, ended),
          beats(2, 's1', 1, gone('ended', null)),
          asks(2, idle(0)),
          starts(2, 's2', 'desktop', granted(2)),
          ends(3, 's1', 1, ended),
          asks(3, active('s2', T + 2)),
        ],
      },
      {
        sentence: 'an end of a term that is over harms nobody',
        policy: TAKE_OVER,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          starts(1, 's2', 'desktop', granted(2)),
          ends(2, 's1', 1, gone('replaced', 'desktop')),
          ends(2, 's2', 1, gone('unknown', null)),
          ends(2, 's1', 2, gone('unknown', null)),
          starts(3, 's3', 'phone', granted(3)),
          ends(4, 's1', 1, gone('unknown', null)),
          asks(4, active('s3', T + 3)),
        ],
      },
      {
        sentence: 'a late copy of a start does not bring back what its own client ended',
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          ends(1, 's1', 1, ended),
          starts(2, 's1', 'laptop', gone('ended', null)),
          starts(3, 's2', 'laptop', granted(2)),
        ],
      },
    ],
  },
  {
    about: 'a store that fails',
    rules: [
      {
        sentence: 'without its table every command fails, and afterwards all is as it was',
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          fails(1, 'table-missing'),
          starts(1, 's1', 'laptop', failed('store')),
          beats(1, 's1', 1, failed('store')),
          ends(1, 's1', 1, failed('store')),
          asks(1, failed('store')),
          { type: 'command', at: 1, command: { type: 'sweep' }, reply: failed('store') },
          fails(2, null),
          beats(2, 's1', 1, renewed(2 + T)),
        ],
      },
      {
        sentence: 'where writes are refused, what would change something fails, and reading works',
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          fails(1, 'writes-refused'),
          beats(1, 's1', 1, failed('store')),
          ends(1, 's1', 1, failed('store')),
          starts(1, 's2', 'laptop', failed('store')),
          starts(1, 's2', 'desktop', refused('other-device', T - 1)),
          starts(1, 's2', 'desktop', failed('store'), { scope: eur }),
          beats(1, 's2', 1, gone('unknown', null)),
          asks(1, active('s1', T)),
          sweeps(1),
          { type: 'command', at: T, command: { type: 'sweep' }, reply: failed('store') },
          fails(T, null),
          sweeps(T, 's1'),
        ],
      },
      {
        sentence: 'one fault can follow another',
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          fails(1, 'writes-refused'),
          fails(1, 'table-missing'),
          asks(1, failed('store')),
          fails(1, 'writes-refused'),
          asks(1, active('s1', T)),
          fails(1, null),
          beats(1, 's1', 1, renewed(1 + T)),
        ],
      },
      {
        sentence: 'a restart of the server loses nothing that was stored',
        policy: PLAIN,
        moments: [
          starts(0, 's1', 'laptop', granted(1)),
          restarts(1),
          asks(1, active('s1', T)),
          starts(1, 's2', 'desktop', refused('other-device', T - 1)),
          beats(2, 's1', 1, renewed(2 + T)),
        ],
      },
    ],
  },
];

/** P2, P3, P10: who works when, what they may still do, and how soon a victim of a takeover knows. */
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/core/policy.ts';
import { seconds } from '../../src/core/time.ts';
import { measureOverlap } from '../../src/laws/overlap.ts';
import { judgesBy } from './cases.ts';
import {
  at,
  begins,
  clients,
  clock,
  crash,
  ended,
  ends,
  exchange,
  gone,
  granted,
  heartbeats,
  historyOf,
  holder,
  pauses,
  PLAIN,
  resumes,
  sets,
  starts,
  stopping,
  stops,
  tries,
  until,
  verdictOn,
  type Line,
} from './history-of.ts';

const TAKING: Policy = { ...PLAIN, onConflict: 'take-over' };
const OVERLAPPING: Policy = { ...TAKING, overlap: seconds(5) };
const PER_SYMBOL: Policy = { ...PLAIN, scope: 'license-and-symbol', licenseLimit: 2 };
const A = holder('a', 'laptop', 1);
const EUR = { license: 'L1', symbol: 'EUR' };
const USD = { license: 'L1', symbol: 'USD' };

const laptopWorks: readonly Line[] = [at('0s', starts('laptop', 'a'), granted('a', 1)), begins('0s', 'laptop', 'a', 1)];
const desktopWorks: readonly Line[] = [
  at('60s', starts('desktop', 'b'), granted('b', 2)),
  begins('60s', 'desktop', 'b', 2),
];
const desktopTakes: readonly Line[] = [
  at('10s', starts('desktop', 'b'), granted('b', 2, { replaced: A })),
  begins('10s', 'desktop', 'b', 2),
];

judgesBy('P2', [
  [
    'kept',
    'a fence stops the holder before the next one is let in',
    PLAIN,
    clients(),
    ...laptopWorks,
    stopping('55s', 'laptop', 'fence'),
    stops('57s', 'laptop'),
    ...desktopWorks,
    until('70s'),
  ],
  [
    'kept',
    'one stops at the instant at which the other begins',
    PLAIN,
    clients(),
    ...laptopWorks,
    at('60s', starts('desktop', 'b'), granted('b', 2)),
    begins('60s', 'desktop', 'b', 2),
    stops('60s', 'laptop'),
    until('70s'),
  ],
  [
    'kept',
    'a crash ends the work',
    PLAIN,
    clients(),
    ...laptopWorks,
    crash('10s', 'laptop'),
    ...desktopWorks,
    until('70s'),
  ],
  [
    'kept',
    'a sleeping machine does not work, and stops as it wakes',
    PLAIN,
    clients(),
    ...laptopWorks,
    pauses('10s', 'laptop'),
    ...desktopWorks,
    resumes('70s', 'laptop'),
    stopping('70s', 'laptop', 'wake'),
    stops('70s', 'laptop'),
    until('80s'),
  ],
  [
    'kept',
    'two symbols are two seats',
    PER_SYMBOL,
    clients(),
    at('0s', starts('laptop', 'a', null, EUR), granted('a', 1)),
    begins('0s', 'laptop', 'a', 1, EUR),
    at('1s', starts('desktop', 'b', null, USD), granted('b', 1)),
    begins('1s', 'desktop', 'b', 1, USD),
    at('2s', ends('laptop', 'a', 1, EUR), ended),
    stops('2s', 'laptop'),
    begins('3s', 'tablet', 'c', 2, EUR),
    until('9s'),
  ],
  [
    'kept',
    'a takeover within the allowed overlap',
    OVERLAPPING,
    clients(),
    ...laptopWorks,
    ...desktopTakes,
    stops('15s', 'laptop'),
    until('20s'),
  ],
  ['untested', 'nobody works after anybody', PLAIN, clients(), ...laptopWorks, until('70s')],
  ['not-judged', 'no client runs', PLAIN, at('0s', starts('laptop', 'a'), granted('a', 1))],
  [
    'broken',
    'a client without a fence works on',
    PLAIN,
    clients({ fence: null }),
    ...laptopWorks,
    ...desktopWorks,
    until('78.7s'),
  ],
  [
    'broken',
    'a fence that counts from the answer',
    PLAIN,
    clients({ fenceFrom: 'answer' }),
    ...laptopWorks,
    ...desktopWorks,
    stopping('62s', 'laptop', 'fence'),
    stops('64s', 'laptop'),
  ],
  [
    'broken',
    'the work takes longer to stop than declared',
    PLAIN,
    clients(),
    ...laptopWorks,
    stopping('55s', 'laptop', 'fence'),
    ...desktopWorks,
    stops('64s', 'laptop'),
  ],
  [
    'broken',
    'a session is given back while its work runs',
    PLAIN,
    clients({ release: 'during-work' }),
    ...laptopWorks,
    at('5s', ends('laptop', 'a', 1), ended),
    stopping('5s', 'laptop', 'user'),
    at('6s', starts('desktop', 'b'), granted('b', 2)),
    begins('6s', 'desktop', 'b', 2),
    stops('6.001s', 'laptop'),
  ],
  [
    'broken',
    'a client pays no heed to gone',
    TAKING,
    clients({ onGone: 'work-on' }),
    ...laptopWorks,
    at('10s', starts('desktop', 'b'), granted('b', 2, { replaced: A })),
    at('20s', heartbeats('laptop', 'a', 1), gone('replaced', 'desktop')),
    begins('21s', 'desktop', 'b', 2),
    until('30s'),
  ],
  [
    'broken',
    'a machine works on as it wakes',
    PLAIN,
    clients({ onWake: 'work-on' }),
    ...laptopWorks,
    pauses('10s', 'laptop'),
    ...desktopWorks,
    resumes('70s', 'laptop'),
    until('71s'),
  ],
  [
    'broken',
    'the server lets a second one in',
    PLAIN,
    clients(),
    ...laptopWorks,
    at('1s', starts('desktop', 'b'), granted('b', 2)),
    begins('1s', 'desktop', 'b', 2),
    until('2s'),
  ],
  ['broken', 'a takeover without a grace', TAKING, clients(), ...laptopWorks, ...desktopTakes, stops('20s', 'laptop')],
  [
    'broken',
    'a takeover beyond the allowed overlap',
    OVERLAPPING,
    clients(),
    ...laptopWorks,
    ...desktopTakes,
    stops('15.001s', 'laptop'),
  ],
  [
    'broken',
    'a wall clock was set back, and the fence with it',
    PLAIN,
    clients({ clock: 'wall' }),
    ...laptopWorks,
    sets('30s', 'device laptop', -20_000),
    ...desktopWorks,
    stopping('75s', 'laptop', 'fence'),
    stops('75s', 'laptop'),
  ],
  [
    'broken',
    'a device relieves itself, ends, and leaves its first process at work',
    { ...TAKING, sameDevice: 'reconnect' },
    clients(),
    ...laptopWorks,
    at('10s', starts('laptop', 'x'), granted('x', 2, { replaced: A })),
    at('11s', ends('laptop', 'x', 2), ended),
    at('12s', starts('desktop', 'b'), granted('b', 3)),
    begins('12s', 'desktop', 'b', 3),
    until('15s'),
  ],
  [
    'broken',
    'symbols of one license share its seat',
    PLAIN,
    clients(),
    at('0s', starts('laptop', 'a', null, EUR), granted('a', 1)),
    begins('0s', 'laptop', 'a', 1, EUR),
    at('1s', starts('desktop', 'b', null, USD), granted('b', 1)),
    begins('1s', 'desktop', 'b', 1, USD),
    until('2s'),
  ],
]);

describe('an overlap', () => {
  const measured = (...lines: readonly Line[]): number => measureOverlap(historyOf(PLAIN, [clients(), ...lines]));

  test('is measured until one of the two stops, and until the run ends', () => {
    expect(measured(...laptopWorks, ...desktopWorks, stops('61.5s', 'laptop'), until('99s'))).toBe(1500);
    expect(measured(...laptopWorks, ...desktopWorks, until('65s'))).toBe(5000);
  });

  test('is none of two processes of one device', () => {
    const twice = (to: Parameters<Line>[0]): void => {
      to.cast = to.cast.map((actor) => ({ ...actor, fingerprint: 'one' }));
    };
    expect(measured(twice, ...laptopWorks, ...desktopWorks, until('99s'))).toBe(0);
  });

  test('pauses while one of the two does', () => {
    const lines = [
      ...laptopWorks,
      ...desktopWorks,
      pauses('61s', 'laptop'),
      resumes('70s', 'laptop'),
      stops('73s', 'laptop'),
    ];
    expect(measured(...lines)).toBe(3000);
  });

  test('is one while a third relieves the second', () => {
    const third = [begins('70s', 'tablet', 'c', 3), stops('75s', 'desktop'), stops('80s', 'laptop')];
    expect(measured(...laptopWorks, ...desktopWorks, ...third, until('99s'))).toBe(20_000);
  });

  test('is told with everyone in it, what let it happen, and how to mend it', () => {
    const { findings } = verdictOn(
      'P2',
      historyOf(PLAIN, [clients({ fence: null }), ...laptopWorks, ...desktopWorks, until('78.7s')]),
    );
    expect(findings).toEqual([
      {
        kind: 'law',
        title: 'P2 one worker',
        at: 60_000,
        message: 'laptop and desktop worked at once on license L1 for 18.7s, until the run ended',
        why: 'the last request of laptop that was acknowledged left at 0s; the server let go before 60s, the client never does: it has no fence',
        fix: `give the client a fence that is over before the timeout of 1m, for example fence: '57s'`,
        calls: [0, 1],
        place: null,
      },
    ]);
  });
});

judgesBy('P3', [
  [
    'kept',
    'a resource refuses an effect of an older term',
    PLAIN,
    ...laptopWorks,
    tries('1s', 'laptop', 1, true),
    ...desktopWorks,
    tries('61s', 'desktop', 2, true),
    tries('62s', 'laptop', 1, false),
    tries('63s', 'desktop', 2, true),
  ],
  [
    'untested',
    'no effect comes late',
    PLAIN,
    ...laptopWorks,
    tries('1s', 'laptop', 1, true),
    ...desktopWorks,
    tries('61s', 'desktop', 2, true),
  ],
  [
    'untested',
    'the newer one had not acted yet',
    PLAIN,
    ...laptopWorks,
    ...desktopWorks,
    tries('61s', 'desktop', 2, false),
    tries('62s', 'laptop', 1, true),
  ],
  [
    'broken',
    'a resource accepts an effect of an older term',
    PLAIN,
    ...laptopWorks,
    ...desktopWorks,
    tries('61s', 'desktop', 2, true),
    tries('62s', 'laptop', 1, true),
  ],
  [
    'broken',
    'it refuses one and accepts another',
    PLAIN,
    ...laptopWorks,
    ...desktopWorks,
    tries('61s', 'desktop', 2, true),
    tries('62s', 'laptop', 1, false),
    tries('63s', 'laptop', 1, true),
  ],
]);

const told = at('20s', heartbeats('laptop', 'a', 1), gone('replaced', 'desktop'));

judgesBy('P10', [
  [
    'kept',
    'the next heartbeat tells, and it stops in time',
    TAKING,
    clients(),
    ...laptopWorks,
    ...desktopTakes,
    told,
    stopping('20s', 'laptop', 'gone'),
    stops('22s', 'laptop'),
  ],
  [
    'kept',
    'a victim that is cut off stops by its fence',
    TAKING,
    clients(),
    ...laptopWorks,
    ...desktopTakes,
    stopping('55s', 'laptop', 'fence'),
    stops('57s', 'laptop'),
  ],
  [
    'kept',
    'time that it was paused does not count',
    TAKING,
    clients({ fence: null }),
    ...laptopWorks,
    ...desktopTakes,
    pauses('12s', 'laptop'),
    resumes('500s', 'laptop'),
    at('501s', heartbeats('laptop', 'a', 1), gone('replaced', 'desktop')),
    stops('503s', 'laptop'),
  ],
  [
    'kept',
    'a slow clock takes longer, as declared',
    TAKING,
    clients(),
    clock('device laptop', { drift: -200 }),
    ...laptopWorks,
    ...desktopTakes,
    stops('57.012s', 'laptop'),
  ],
  ['kept', 'it crashes', TAKING, clients(), ...laptopWorks, ...desktopTakes, crash('11s', 'laptop')],
  [
    'kept',
    'a later grant that it makes nothing of does not shorten its fence',
    TAKING,
    clients(),
    ...laptopWorks,
    ...desktopTakes,
    at('12s', starts('laptop', 'a'), granted('a', 3, { replaced: holder('b', 'desktop', 2) })),
    stopping('55s', 'laptop', 'fence'),
    stops('57s', 'laptop'),
  ],
  ['untested', 'nobody took over', TAKING, clients(), ...laptopWorks, until('300s')],
  ['untested', 'the run ends before it must know', TAKING, clients(), ...laptopWorks, ...desktopTakes, until('30s')],
  ['not-judged', 'no client runs', TAKING, at('0s', starts('laptop', 'a'), granted('a', 1))],
  [
    'broken',
    'without a fence and cut off it works on',
    TAKING,
    clients({ fence: null }),
    ...laptopWorks,
    ...desktopTakes,
    until('38s'),
  ],
  [
    'broken',
    'it was told and took too long',
    { ...TAKING, fence: null },
    clients(),
    ...laptopWorks,
    ...desktopTakes,
    told,
    stopping('20s', 'laptop', 'gone'),
    stops('37.003s', 'laptop'),
  ],
  [
    'broken',
    'it was told and pays no heed',
    TAKING,
    clients({ onGone: 'work-on' }),
    ...laptopWorks,
    ...desktopTakes,
    told,
    until('58s'),
  ],
  [
    'broken',
    'its fence counts from somewhere else',
    TAKING,
    clients({ fenceFrom: 'answer' }),
    exchange(['0s', '1s', '1s'], starts('laptop', 'a'), granted('a', 1)),
    begins('4s', 'laptop', 'a', 1),
    ...desktopTakes,
    stops('61s', 'laptop'),
  ],
]);

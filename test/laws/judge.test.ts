/** The table of laws, verdicts, reach goals, and what the judge makes of open orders and unknown outcomes. */
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/core/failures.ts';
import type { Policy } from '../../src/core/policy.ts';
import { LAWS, lawByCode } from '../../src/laws/all.ts';
import { FINDINGS_PER_LAW } from '../../src/laws/finding.ts';
import { judgeHistory } from '../../src/laws/judge.ts';
import { countReached, REACH_GOALS } from '../../src/laws/reach.ts';
import {
  asks,
  at,
  begins,
  clients,
  ended,
  ends,
  gone,
  granted,
  heartbeats,
  historyOf,
  holder,
  idle,
  lost,
  PLAIN,
  refused,
  renewed,
  starts,
  stopping,
  SWEEP,
  swept,
  together,
  unanswered,
  verdictOn,
  type Line,
} from './history-of.ts';

const TAKING: Policy = { ...PLAIN, onConflict: 'take-over' };
const A = holder('a', 'laptop', 1);
const laptopStarts = at('0s', starts('laptop', 'a'), granted('a', 1));

describe('the table', () => {
  test('has every law, in the order of their codes', () => {
    const codes = Array.from({ length: 25 }, (_, number) => `P${number}`);
    expect(LAWS.map(({ code }) => code)).toEqual(codes);
    expect(new Set(LAWS.map(({ name }) => name)).size).toBe(LAWS.length);
  });

  test('finds a law by its code and names the known codes otherwise', () => {
    expect(lawByCode('P17').name).toBe('one boundary');
    expect(() => lawByCode('P99')).toThrow(UsageError);
    expect(() => lawByCode('P99')).toThrow(/no law 'P99'; known codes are P0, P1, P2, /);
  });
});

describe('a finding', () => {
  test('names devices, times, the cause, and the calls', () => {
    const { findings } = verdictOn(
      'P1',
      historyOf(PLAIN, [laptopStarts, at('1.5s', starts('desktop', 'b'), granted('b', 2))]),
    );
    expect(findings).toEqual([
      {
        kind: 'law',
        title: 'P1 one holder',
        at: 1500,
        cause: 'holder-disregarded',
        message: 'desktop was granted term 2 while laptop (term 1) held license L1',
        why: 'the last acknowledged request of laptop (term 1) came 1.5s before, and the timeout is 1m; the two starts did not overlap, and the second start did not look for a live holder, or treated it as expired',
        fix: 'grant the seat only where no live row of another session holds it: one whose age is below 1m by the clock of the store',
        calls: [0, 1],
        place: null,
      },
    ]);
  });

  test('is kept from the first on, up to a bound', () => {
    const many = Array.from({ length: 50 }, (_, i): Line => at(`${i + 1}s`, asks('desktop'), idle()));
    const { findings, tested } = verdictOn('P7', historyOf(PLAIN, [laptopStarts, ...many]));
    expect(findings).toHaveLength(FINDINGS_PER_LAW);
    expect(findings[0]?.at).toBe(1000);
    expect(tested).toBe(50);
  });

  test('of an empty History there is none', () => {
    const verdicts = judgeHistory(historyOf(PLAIN, []));
    expect(verdicts.filter(({ outcome }) => outcome === 'broken' || outcome === 'kept')).toEqual([]);
  });
});

describe('open orders', () => {
  const clean = (policy: Policy, lines: readonly Line[]) =>
    judgeHistory(historyOf(policy, lines))
      .filter(({ outcome }) => outcome === 'broken')
      .map(({ code }) => code);

  test('an order that keeps all laws is found among many calls', () => {
    const lines = [
      laptopStarts,
      together(
        '5s',
        [heartbeats('laptop', 'a', 1), gone('ended')],
        [starts('tablet', 'c'), refused(holder('b', 'desktop', 2), '60s')],
        [starts('desktop', 'b'), granted('b', 2)],
        [heartbeats('laptop', 'a', 1), renewed(1)],
        [ends('laptop', 'a', 1), ended],
      ),
      at('6s', heartbeats('desktop', 'b', 2), renewed(2)),
    ];
    expect(clean(PLAIN, lines)).toEqual([]);
  });

  test('what follows decides between orders that both look right at first', () => {
    const both = together(
      '5s',
      [starts('desktop', 'b'), granted('b', 2, { replaced: A })],
      [starts('tablet', 'c'), granted('c', 3, { replaced: holder('b', 'desktop', 2) })],
    );
    expect(clean(TAKING, [laptopStarts, both, at('6s', heartbeats('tablet', 'c', 3), renewed(3))])).toEqual([]);
    expect(clean(TAKING, [laptopStarts, both, at('6s', heartbeats('desktop', 'b', 2), renewed(2))])).toContain('P4');
  });

  test('an unanswered start may have been granted, and may not', () => {
    const asked = unanswered('1s', starts('laptop', 'a'));
    expect(clean(PLAIN, [asked, at('5s', starts('desktop', 'b'), refused(A, '56s'))])).toEqual([]);
    expect(clean(PLAIN, [asked, at('5s', starts('desktop', 'b'), granted('b', 1))])).toEqual([]);
    expect(clean(PLAIN, [asked, at('5s', starts('laptop', 'a'), granted('a', 1))])).toEqual([]);
    expect(clean(PLAIN, [asked, at('70s', starts('desktop', 'b'), refused(holder('z', 'tablet', 1), '1s'))])).toContain(
      'P13',
    );
  });

  test('an unanswered end explains a free seat, and one of another term does not', () => {
    const then = at('5s', starts('desktop', 'b'), granted('b', 2));
    expect(clean(PLAIN, [laptopStarts, unanswered('1s', ends('laptop', 'a', 1)), then])).toEqual([]);
    expect(clean(PLAIN, [laptopStarts, unanswered('1s', ends('laptop', 'a', 7)), then])).toContain('P1');
  });

  test('a call that was sent after the answer explains nothing', () => {
    const lines = [
      laptopStarts,
      at('5s', starts('desktop', 'b'), granted('b', 2)),
      unanswered('6s', ends('laptop', 'a', 1)),
    ];
    expect(clean(PLAIN, lines)).toContain('P1');
  });

  test('more overlapping calls than the search has steps for are never called kept', () => {
    const starters = Array.from(
      { length: 14 },
      (_, i) => [starts('laptop', `s${i}`), granted(`s${i}`, i + 1)] as const,
    );
    const { outcome } = verdictOn('P1', historyOf(PLAIN, [together('0s', ...starters)]));
    expect(['broken', 'not-judged']).toContain(outcome);
  });

  test('nonsense is judged and never thrown at', () => {
    const lines = [
      at('0s', SWEEP, granted('a', 1)),
      at('1s', asks('laptop'), renewed(9)),
      at('2s', starts('laptop', 'a'), swept(A)),
      at('3s', heartbeats('laptop', 'a', 1), idle()),
      at('4s', ends('laptop', 'a', 1), refused(A, '1s')),
    ];
    expect(() => judgeHistory(historyOf(PLAIN, lines))).not.toThrow();
  });
});

test('reach goals count what was seen', () => {
  const reached = countReached(
    historyOf(TAKING, [
      lost('0s', starts('laptop', 'a'), granted('a', 1)),
      at('60s', heartbeats('laptop', 'a', 1), gone('expired')),
      at('61s', SWEEP, swept(A)),
      together(
        '62s',
        [starts('desktop', 'b'), granted('b', 2)],
        [starts('tablet', 'c'), granted('c', 3, { replaced: holder('b', 'desktop', 2) })],
      ),
      at('63s', heartbeats('desktop', 'b', 2), gone('replaced', 'tablet')),
      at('64s', starts('laptop', 'd'), refused(holder('c', 'tablet', 3), '58s')),
    ]),
  );
  expect(Object.fromEntries(reached)).toEqual({
    expiry: 2,
    refusal: 1,
    takeover: 1,
    'victim learnt': 1,
    'heartbeat at the timeout': 1,
    'sweep removed': 1,
    'lost answer': 1,
    'starts in flight': 2,
  });
  expect([...reached.keys()]).toEqual(REACH_GOALS.filter(({ needs }) => needs !== 'clients').map(({ name }) => name));
});

test('reach goals of clients count only where clients run', () => {
  const reached = countReached(
    historyOf(TAKING, [
      clients(),
      laptopStarts,
      begins('0s', 'laptop', 'a', 1),
      at('10s', starts('desktop', 'b'), granted('b', 2, { replaced: A })),
      at('20s', heartbeats('laptop', 'a', 1), gone('replaced', 'desktop')),
      stopping('20s', 'laptop', 'gone'),
      begins('20s', 'desktop', 'b', 2),
      stopping('65s', 'desktop', 'fence'),
      stopping('66s', 'tablet', 'gone'),
    ]),
  );
  expect(reached.get('fence fired')).toBe(1);
  expect(reached.get('victim stopped')).toBe(1);
  expect([...reached.keys()]).toEqual(REACH_GOALS.map(({ name }) => name));
});

/** What is said of an exhaustive search: proved, broken, inconclusive, and how far it has come. */
import { describe, expect, test } from 'vitest';
import { milliseconds, seconds } from '../../src/core/time.ts';
import { exhaustionProgressText, exhaustionText, type Exhaustion } from '../../src/report/exhaustion.ts';

const golden = (name: string): string => new URL(`golden/${name}`, import.meta.url).pathname;

const proved: Exhaustion = {
  model: 'two-phase commit, 9 managers',
  result: 'proved',
  bound: null,
  states: 123_558_402,
  distinct: 10_340_352,
  depth: 28,
  deadEnds: 0,
  elapsed: milliseconds(18_400),
  bytes: 341_000_000,
  collision: 2.898e-6,
  threads: 2,
  laws: [
    { name: 'nobody commits while another aborts', outcome: 'kept', largest: null, trace: null },
    {
      name: 'all commit',
      outcome: 'reached',
      largest: null,
      trace: { isShortest: true, steps: [{ description: 'one' }] },
    },
    { name: 'who waits is answered', outcome: 'kept', largest: 3, trace: null },
    { name: 'overlap', outcome: 'measured', largest: 0, trace: { isShortest: true, steps: [] } },
  ],
};

const broken: Exhaustion = {
  ...proved,
  result: 'broken',
  model: 'a lamp',
  distinct: 1,
  states: 12,
  deadEnds: 1,
  collision: 0,
  threads: 1,
  laws: [
    {
      name: 'whole',
      outcome: 'broken',
      largest: null,
      trace: {
        isShortest: true,
        steps: Array.from({ length: 10 }, (_, n) => ({ description: n < 9 ? 'switches' : 'breaks' })),
      },
    },
    { name: 'dark', outcome: 'open', largest: null, trace: null },
  ],
};

describe('an exhaustive search', () => {
  test.each<readonly [string, Exhaustion]>([
    ['proved', proved],
    ['broken', broken],
    ['inconclusive', { ...proved, result: 'inconclusive', bound: '1000 distinct states', laws: [] }],
    [
      'vacuous',
      {
        ...broken,
        laws: [{ name: 'green', outcome: 'never-reached', largest: null, trace: null }],
      },
    ],
  ])('that is %s', async (name, exhaustion) => {
    await expect(exhaustionText(exhaustion)).toMatchFileSnapshot(golden(`exhaustion.${name}.txt`));
  });

  test('that went on through states without a choice calls no way the shortest', () => {
    const trace = { isShortest: false, steps: [{ description: 'breaks' }] };
    const laws = broken.laws.map((law) => (law.outcome === 'broken' ? { ...law, trace } : law));
    expect(exhaustionText({ ...broken, laws })).toContain(
      "a way to break 'whole', of the fewest choices:\n  1  breaks",
    );
  });

  test('under way', () => {
    expect(
      exhaustionProgressText({ depth: 12, distinct: 296_448, waiting: 3_120, elapsed: seconds(1), rate: 412_000 }),
    ).toBe('depth 12  296,448 states, 3,120 waiting, 412,000/s');
  });
});

/** What the bench says of a promise, kept or missed. */
import { expect, test } from 'vitest';
import { figureOf, missed, summary } from './figure.ts';

const fast = { name: 'steps', unit: 'steps/s', promised: 1_000, better: 'higher' } as const;
const soon = { name: 'start', unit: 's', promised: 15, better: 'lower' } as const;

test.each([
  ['at least as many as promised', fast, [1_000, 1_000, 999], true],
  ['fewer than promised, though one run was faster', fast, [5_000, 999, 998], false],
  ['no longer than promised', soon, [15, 15, 20], true],
  ['longer than promised', soon, [15.1, 15.1, 1], false],
  ['nothing promised', { ...fast, promised: null }, [1], null],
] as const)('the median decides: %s', (_what, about, runs, kept) => {
  expect(figureOf(about, runs).kept).toBe(kept);
});

test('a promise that is missed is told in its line and at the end', () => {
  const figures = [figureOf(fast, [900, 800, 950]), figureOf(soon, [4])];
  expect(figures.map(summary)).toEqual([
    '✗ steps                                        900 steps/s (MISSED: promised 1,000; 3 runs, 800 to 950)',
    '✓ start                                        4 s (promised 15; 1 runs, 4 to 4)',
  ]);
  expect(missed(figures)).toBe(
    "1 of 2 promises missed: 'steps'; on a machine that does other work meanwhile, measure again",
  );
  expect(missed(figures.slice(1))).toBe(null);
});

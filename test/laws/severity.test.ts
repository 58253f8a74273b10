/** The order in which reports list what broke. */
import { expect, test } from 'vitest';
import { LAWS } from '../../src/laws/all.ts';
import { bySeverity } from '../../src/laws/severity.ts';

test('two devices at once come before lost work, lost work before a lock-out, and a lock-out before the rest', () => {
  expect(
    LAWS.map(({ code }) => code)
      .toSorted(bySeverity)
      .join(' '),
  ).toBe('P0 P1 P2 P21 P4 P5 P24 P13 P14 P11 P3 P6 P7 P8 P9 P10 P12 P15 P16 P17 P18 P19 P20 P22 P23');
});

test('a design that fails as a service comes before all laws, and what is no law comes last', () => {
  expect(['P1', 'linearizability', 'P23', 'threw', 'P0', 'invalid-reply', 'hung'].toSorted(bySeverity)).toEqual([
    'hung',
    'threw',
    'invalid-reply',
    'P0',
    'P1',
    'P23',
    'linearizability',
  ]);
});

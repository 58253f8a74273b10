/** How long two devices are measured to work at once. */
import { describe, expect, test } from 'vitest';
import { measureOverlap } from '../../src/laws/overlap.ts';
import {
  at,
  begins,
  clients,
  granted,
  historyOf,
  pauses,
  PLAIN,
  resumes,
  starts,
  stops,
  until,
  type Line,
} from './history-of.ts';

const laptopWorks: readonly Line[] = [at('0s', starts('laptop', 'a'), granted('a', 1)), begins('0s', 'laptop', 'a', 1)];
const desktopWorks: readonly Line[] = [
  at('60s', starts('desktop', 'b'), granted('b', 2)),
  begins('60s', 'desktop', 'b', 2),
];

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
});

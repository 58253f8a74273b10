/** Durations are read as people write them, exactly, and everything else is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, instant, milliseconds, parseDuration, wholeSecondsUp } from '../../src/core/time.ts';
import { seed } from '../seed.ts';

describe('parseDuration', () => {
  it.each([
    ['0s', 0],
    ['1ms', 1],
    ['20s', 20_000],
    ['59.999s', 59_999],
    ['40.001s', 40_001],
    ['0.5s', 500],
    ['5m', 300_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['33580430.604s', 33_580_430_604],
    ['0.100000000000000000000s', 100],
  ])('reads %s as %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['20', '', 's', '-5s', '+5s', '1e3s', '5 s', '5sec', '36 secondz', 'NaNs', 'Infinitys', '.5s', '5.s', ' 5s'])(
    "refuses '%s' and shows a correct example",
    (text) => {
      expect(() => parseDuration(text)).toThrow(`'${text}' is not a duration: write a number`);
      expect(() => parseDuration(text)).toThrow(`for example '20s'`);
    },
  );

  it.each(['0.5ms', '1.0001s', '9007199254740993ms'])(
    'refuses %s, which is no whole number of milliseconds',
    (text) => {
      expect(() => parseDuration(text)).toThrow('use whole milliseconds from 0 up');
    },
  );

  it('reads back every duration that is formatted', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (ms) => {
        expect(parseDuration(formatDuration(milliseconds(ms)))).toBe(ms);
      }),
      { seed, numRuns: 1_000 },
    );
  });
});

describe('instant', () => {
  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (ms) => {
    expect(() => instant(ms)).toThrow('is not a time Seatproof can count');
  });
});

describe('wholeSecondsUp', () => {
  it.each([
    [0, 0],
    [1, 1],
    [1000, 1],
    [1001, 2],
  ])('%i ms are %i seconds to wait', (ms, seconds) => {
    expect(wholeSecondsUp(milliseconds(ms))).toBe(seconds);
  });
});

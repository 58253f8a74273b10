/** What people write of a network and of their wishes: what is understood, and what is said of the rest. */
import { beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/core/failures.ts';
import { readDrift, readDurations, readLoss, readPauses } from '../../src/tune/conditions/read.ts';
import { readLatency } from '../../src/tune/conditions/read-latency.ts';
import { readWishes } from '../../src/tune/choose/wishes.ts';
import { ready } from '../../src/tune/forms/latency.ts';

beforeAll(() => ready);

describe('ranges', () => {
  test.each([
    ['20s', [20_000]],
    ['10s,20s', [10_000, 20_000]],
    ['30s,10s', [10_000, 30_000]],
    ['5s..20s/5s', [5000, 10_000, 15_000, 20_000]],
    ['5s..18s/5s', [5000, 10_000, 15_000, 18_000]],
    ['10s..10s', [10_000]],
    ['5s..60s', [5000, 10_000, 15_000, 20_000, 25_000, 30_000, 35_000, 40_000, 45_000, 50_000, 55_000, 60_000]],
  ])('%s', (text, values) => {
    expect(readDurations(text, '--heartbeat', 12)).toEqual(values);
  });
});

test('losses, drifts and pauses', () => {
  expect(readLoss('1%')).toEqual({ type: 'independent', share: 0.01 });
  expect(readLoss('0.01')).toEqual({ type: 'independent', share: 0.01 });
  expect(readLoss('bursty(bad=100%, good-for=10m, bad-for=12s)')).toEqual({
    type: 'gilbert-elliott',
    good: 0,
    bad: 1,
    goodFor: 600_000,
    badFor: 12_000,
  });
  expect(readDrift('200ppm')).toBe(0.0002);
  expect(readDrift('0.02%')).toBeCloseTo(0.0002, 12);
  expect(readPauses('none')).toBeNull();
  expect(readPauses('pauses(every=1h, length=exponential(mean=5s))')).toEqual({
    every: 3_600_000,
    length: { type: 'exponential', mean: 5000 },
  });
});

describe('what is refused, with a correct example', () => {
  const loss = (text: string) => (): unknown => readLoss(text);
  const latency = (text: string) => (): unknown => readLatency(text, '--latency');
  const wishes = (text: string) => (): unknown => readWishes(text);
  const range = (text: string) => (): unknown => readDurations(text, '--timeout', 12);
  test.each<readonly [string, () => unknown, RegExp]>([
    ['a loss of 100 %', loss('100%'), /every message is lost; write a share below 100 %/],
    ['a loss above 1', loss('5'), /every message is lost \(1 is 100 %; one in a hundred is 1%\)/],
    ['a loss of 1', loss('1'), /1 is 100 %/],
    ['a loss below zero', loss('-1%'), /'-1%' is not known/],
    ['a bursty loss without its times', loss('bursty(bad=50%)'), /needs good-for/],
    ['a loss that leaves no session', loss('99%'), /99 % of the messages would be lost.*no more than 90 %/],
    [
      'a channel that is hardly ever good',
      loss('bursty(bad=100%, good-for=1s, bad-for=1h)'),
      /100 % of the messages would be lost/,
    ],
    ['a state that lasts no time', loss('bursty(bad=50%, good-for=0s, bad-for=1s)'), /good-for must be above zero/],
    ['pauses without end', () => readPauses('pauses(every=1s, length=2s)'), /last longer than the time/],
    ['pauses all the time', () => readPauses('pauses(every=0s, length=2s)'), /every must be above zero/],
    ['a parenthesis that is never closed', latency('lognormal(p50=80ms'), /has no closing parenthesis/],
    ['a good state worse than the bad', loss('bursty(good=50%, bad=1%, good-for=1m, bad-for=1s)'), /exchange them/],
    [
      'an unknown distribution',
      latency('cauchy(p50=80ms)'),
      /'cauchy.*' is not known; there are constant, .*lognormal/,
    ],
    ['a distribution without values', latency('lognormal'), /has no values in parentheses/],
    ['a distribution with one value too few', latency('lognormal(p50=80ms)'), /needs two of p50/],
    ['a distribution with one value too many', latency('lognormal(p50=80ms, p90=1s, p99=2s)'), /knows no p99/],
    ['quantiles in the wrong order', latency('lognormal(p50=900ms, p99=80ms)'), /higher quantile is not above/],
    ['a value that is none', latency('exponential(mean=fast)'), /mean=fast is not a duration/],
    ['a value said twice', latency('exponential(mean=1s, mean=2s)'), /says mean twice/],
    ['a distribution without a mean', latency('pareto(min=40ms, alpha=1)'), /has no mean/],
    [
      'a distribution whose mean is beyond all numbers',
      latency('lognormal(p50=80ms, sigma=99)'),
      /no mean that can be told/,
    ],
    ['a range that ends before it begins', range('60s..5s'), /write 5s..60s/],
    ['a range of too many steps', range('1ms..1h/1ms'), /more than 200 values/],
    ['no duration', range('sixty'), /'sixty' is not a duration/],
    ['a duration of zero', range('0s'), /above zero/],
    ['a clock that is no clock at all', () => readDrift('100%'), /--drift: a clock that is 100% off is no clock/],
    ['a clock that is no share', () => readDrift('fast'), /write 200ppm, 0.02% or 0.0002/],
    ['a clock that is no clock', () => readDrift('50%'), /is no clock/],
    ['an unknown figure', wishes('speed<=1'), /no figure 'speed'; there are false-expiry/],
    ['a wish without a bound', wishes('writes'), /'writes' is no wish/],
    ['a wish in the wrong unit', wishes('recovery-max<=100/s'), /recovery-max is a time/],
    ['no wishes', wishes(' , '), /nothing is wished for/],
    ['wishes that contradict each other', wishes('recovery-max<=60s, recovery-max>=90s'), /cannot both hold/],
  ])('%s', (_, read, message) => {
    expect(read).toThrow(UsageError);
    expect(read).toThrow(message);
  });
});

test('wishes', () => {
  expect(
    readWishes('false-expiry<=1/week, recovery-max<=60s, writes<100/s, overlap=0, bytes<=50kB/s, misses>=1'),
  ).toMatchObject([
    { metric: 'false-expiry', relation: '<=', bound: 1 / 7 },
    { metric: 'recovery-max', relation: '<=', bound: 60_000 },
    { metric: 'writes', relation: '<', bound: 100 },
    { metric: 'overlap', relation: '=', bound: 0 },
    { metric: 'bytes', relation: '<=', bound: 50_000 },
    { metric: 'misses', relation: '>=', bound: 1 },
  ]);
});

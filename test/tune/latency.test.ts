/** Each distribution is what it says: tail, excess, quantile and mean agree with one another, far out as well. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { LatencySpec } from '../../src/tune/conditions/conditions.ts';
import { readLatency } from '../../src/tune/conditions/read-latency.ts';
import { seconds } from '../../src/core/time.ts';
import { USUAL } from '../../src/tune/conditions/conditions.ts';
import { figuresOf } from '../../src/tune/forms/figures.ts';
import { modelOf } from '../../src/tune/forms/model.ts';
import { latencyOf, ready } from '../../src/tune/forms/latency.ts';
import { integrate } from '../../src/tune/forms/quadrature.ts';
import { drawsFor, randomFor } from '../../src/tune/simulate/random.ts';

beforeAll(() => ready);

const SPECS: readonly LatencySpec[] = [
  { type: 'uniform', min: 20, max: 200 },
  { type: 'exponential', mean: 150 },
  { type: 'lognormal', p50: 80, sigma: 1.04 },
  { type: 'gamma', shape: 2.3, scale: 40 },
  { type: 'gamma', shape: 0.5, scale: 100 },
  { type: 'weibull', shape: 0.7, scale: 100 },
  { type: 'weibull', shape: 2, scale: 100 },
  { type: 'pareto', min: 40, alpha: 2.5 },
];

describe.each(SPECS)('$type', (spec) => {
  test.each([0.9, 0.5, 0.1, 1e-3, 1e-6, 1e-12])('a share of %d lies above its quantile', (share) => {
    const latency = latencyOf(spec);
    // A quantile near the end of an interval has no more digits than the end itself.
    expect(latency.tail(latency.above(share)) / share).toBeCloseTo(1, spec.type === 'uniform' ? 3 : 6);
  });

  test('the excess is the integral of the tail', () => {
    const latency = latencyOf(spec);
    for (const share of [0.95, 0.5, 0.01, 1e-4]) {
      const from = latency.above(share);
      const integral = integrate((x) => latency.tail(x), from, latency.above(share * 1e-8), Math.max(1, from / 8));
      expect(latency.excess(from) / integral).toBeCloseTo(1, 3);
    }
    expect(latency.excess(0)).toBeCloseTo(latency.mean, 6);
    expect(latency.excess(-100)).toBeCloseTo(latency.mean + 100, 6);
  });

  test('nothing is too far out or too far in to have a value', () => {
    const latency = latencyOf(spec);
    for (let x = 1e-12; x < 1e12; x *= 1.7) {
      expect(latency.tail(x)).toBeGreaterThanOrEqual(0);
      expect(latency.tail(x)).toBeLessThanOrEqual(1);
      expect(latency.excess(x)).toBeGreaterThanOrEqual(-1e-9);
    }
    for (let share = 1e-18; share < 1; share *= 1.3) expect(latency.above(share)).toBeGreaterThanOrEqual(0);
    const { falseExpiries, recovery } = figuresOf(modelOf({ ...USUAL, latency: spec }), {
      heartbeat: seconds(20),
      timeout: seconds(60),
    });
    expect(falseExpiries).toBeGreaterThan(0.1);
    expect(recovery.mean).toBeGreaterThan(49_000);
  });

  test('what is drawn has these quantiles', () => {
    const count = 100_000;
    const [latency, draw, random] = [latencyOf(spec), drawsFor(spec), randomFor(1, 0, 0)];
    const drawn = Float64Array.from({ length: count }, () => draw(random, 0, 1)).sort();
    for (const share of [0.5, 0.1, 0.01, 0.001]) {
      const above = drawn.filter((value) => value >= latency.above(share)).length;
      expect(Math.abs(above - share * count)).toBeLessThan(5 * Math.sqrt(share * count));
    }
  });
});

describe('distributions as people write them', () => {
  test.each([
    ['150ms', { type: 'constant', at: 150 }],
    ['exponential(mean=150ms)', { type: 'exponential', mean: 150 }],
    ['pareto(min=40ms, alpha=2.5)', { type: 'pareto', min: 40, alpha: 2.5 }],
    ['UNIFORM( min=20ms,max=0.2s )', { type: 'uniform', min: 20, max: 200 }],
    ['gamma(mean=80ms, shape=2)', { type: 'gamma', shape: 2, scale: 40 }],
  ])('%s', (text, spec) => {
    expect(readLatency(text, '--latency')).toEqual(spec);
  });

  test.each(['lognormal(p50=80ms, p99=900ms)', 'weibull(p50=80ms, p99=900ms)', 'lognormal(p90=400ms, p50=80ms)'])(
    '%s has the quantiles that it names',
    (text) => {
      const latency = latencyOf(readLatency(text, '--latency'));
      expect(latency.above(0.5)).toBeCloseTo(80, 6);
      expect(text.includes('p99') ? latency.above(0.01) : latency.above(0.1)).toBeCloseTo(
        text.includes('p99') ? 900 : 400,
        6,
      );
    },
  );

  test('exponential(p99=…) and pareto(p99=…) are told from one quantile', () => {
    expect(latencyOf(readLatency('exponential(p99=900ms)', '')).above(0.01)).toBeCloseTo(900, 6);
    expect(latencyOf(readLatency('pareto(min=40ms, p99=900ms)', '')).above(0.01)).toBeCloseTo(900, 6);
  });
});

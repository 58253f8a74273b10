/** A distribution of latencies as functions: tail, expected excess, quantile. Special functions are from cephes, whose tails keep their digits. */
import { compiled, gamma, ndtr, ndtri } from 'cephes';
import type { LatencySpec } from '../conditions/conditions.ts';
import { unreachable } from '../../core/unreachable.ts';
import { upperGamma, upperGammaInverse } from './special.ts';

/** Milliseconds throughout; nothing is ever below zero. */
export interface Latency {
  readonly mean: number;
  /** P(D ≥ x). */
  tail(x: number): number;
  /** E[max(0, D − x)], which is the integral of the tail from x on. */
  excess(x: number): number;
  /** The x below which a latency stays with probability 1 − q; `q` is what lies above, so that far tails keep their digits. */
  above(q: number): number;
}

/** Await this once before anything else here is called: the special functions are WebAssembly. */
export const ready: Promise<void> = compiled;

export function latencyOf(spec: LatencySpec): Latency {
  switch (spec.type) {
    case 'constant':
      return constant(spec.at);
    case 'uniform':
      return uniform(spec.min, spec.max);
    case 'exponential':
      return exponential(spec.mean);
    case 'lognormal':
      return lognormal(spec.p50, spec.sigma);
    case 'gamma':
      return gammaDistributed(spec.shape, spec.scale);
    case 'weibull':
      return weibull(spec.shape, spec.scale);
    case 'pareto':
      return pareto(spec.min, spec.alpha);
    default:
      return unreachable(spec);
  }
}

function constant(at: number): Latency {
  return { mean: at, tail: (x) => (x <= at ? 1 : 0), excess: (x) => Math.max(0, at - x), above: () => at };
}

function uniform(min: number, max: number): Latency {
  const width = max - min;
  if (width === 0) return constant(min);
  const mean = (min + max) / 2;
  return {
    mean,
    tail: (x) => Math.min(1, Math.max(0, (max - x) / width)),
    excess: (x) => (x <= min ? mean - x : x >= max ? 0 : (max - x) ** 2 / (2 * width)),
    above: (q) => max - q * width,
  };
}

function exponential(mean: number): Latency {
  return {
    mean,
    tail: (x) => (x <= 0 ? 1 : Math.exp(-x / mean)),
    excess: (x) => (x <= 0 ? mean - x : mean * Math.exp(-x / mean)),
    above: (q) => -mean * Math.log(q),
  };
}

function lognormal(p50: number, sigma: number): Latency {
  const mu = Math.log(p50);
  const mean = p50 * Math.exp((sigma * sigma) / 2);
  return {
    mean,
    tail: (x) => (x <= 0 ? 1 : ndtr((mu - Math.log(x)) / sigma)),
    excess(x) {
      if (x <= 0) return mean - x;
      const z = (mu - Math.log(x)) / sigma;
      return mean * ndtr(z + sigma) - x * ndtr(z);
    },
    above: (q) => Math.exp(mu - sigma * ndtri(q)),
  };
}

function gammaDistributed(shape: number, scale: number): Latency {
  const mean = shape * scale;
  return {
    mean,
    tail: (x) => (x <= 0 ? 1 : upperGamma(shape, x / scale)),
    excess: (x) => (x <= 0 ? mean - x : mean * upperGamma(shape + 1, x / scale) - x * upperGamma(shape, x / scale)),
    above: (q) => (q >= 1 ? 0 : scale * upperGammaInverse(shape, q)),
  };
}

function weibull(shape: number, scale: number): Latency {
  const mean = scale * gamma(1 + 1 / shape);
  const tail = (x: number): number => (x <= 0 ? 1 : Math.exp(-((x / scale) ** shape)));
  return {
    mean,
    tail,
    excess(x) {
      if (x <= 0) return mean - x;
      const power = (x / scale) ** shape;
      // Far out the difference of two nearly equal numbers would be rounding error.
      if (power > 30) return (scale / shape) * (x / scale) ** (1 - shape) * Math.exp(-power);
      return mean * upperGamma(1 + 1 / shape, power) - x * Math.exp(-power);
    },
    above: (q) => scale * (-Math.log(q)) ** (1 / shape),
  };
}

function pareto(min: number, alpha: number): Latency {
  const mean = (alpha * min) / (alpha - 1);
  return {
    mean,
    tail: (x) => (x <= min ? 1 : (min / x) ** alpha),
    excess: (x) => (x <= min ? mean - x : (x / (alpha - 1)) * (min / x) ** alpha),
    above: (q) => min * q ** (-1 / alpha),
  };
}

/** Reads a distribution of latencies, from two quantiles or from its own figures, and writes one back. */
import { gamma, ndtri } from 'cephes';
import { UsageError } from '../../core/failures.ts';
import { formatTime } from '../../core/quantity.ts';
import { parseDuration } from '../../core/time.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { LatencySpec } from './conditions.ts';
import { latencyOf } from '../forms/latency.ts';
import { upperGammaInverse } from '../forms/special.ts';
import { readCall, type Call } from './read-call.ts';

const NAMES = ['constant', 'uniform', 'exponential', 'lognormal', 'gamma', 'weibull', 'pareto'] as const;
type Name = (typeof NAMES)[number];

const EXAMPLES: Record<Name, string> = {
  constant: 'constant(at=80ms)',
  uniform: 'uniform(min=20ms, max=200ms)',
  exponential: 'exponential(mean=150ms)',
  lognormal: 'lognormal(p50=80ms, p99=900ms)',
  gamma: 'gamma(shape=2, scale=75ms)',
  weibull: 'weibull(p50=80ms, p99=900ms)',
  pareto: 'pareto(min=40ms, alpha=2.5)',
};

/** Reads `150ms` or one of the distributions. Await `ready` before. */
export function readLatency(text: string, what: string): LatencySpec {
  if (/^\s*\d/.test(text)) {
    try {
      return { type: 'constant', at: parseDuration(text.trim()) };
    } catch {
      throw new UsageError(
        `${what}: '${text}' is neither a duration nor a distribution; write 150ms or '${EXAMPLES.lognormal}'`,
      );
    }
  }
  const written = /^\s*([a-z]*)/i.exec(text)?.[1]?.toLowerCase() ?? '';
  const example = `'${EXAMPLES[NAMES.find((name) => name === written) ?? 'lognormal']}'`;
  const call = readCall(text, what, NAMES, example);
  const spec = readSpec(call.name as Name, call, what);
  call.done();
  if (!Number.isFinite(latencyOf(spec).mean)) {
    throw new UsageError(`${what}: ${text} has no mean that can be told; write for example ${example}`);
  }
  return spec;
}

function readSpec(name: Name, call: Call, what: string): LatencySpec {
  switch (name) {
    case 'constant':
      return { type: name, at: call.duration('at') };
    case 'uniform': {
      const [min, max] = [call.duration('min'), call.duration('max')];
      if (min > max) throw new UsageError(`${what}: uniform(…) has min above max; exchange them`);
      return { type: name, min, max };
    }
    case 'exponential': {
      if (call.has('mean')) return { type: name, mean: call.positive('mean') };
      const { share, at } = quantile(call, what, EXAMPLES[name]);
      return { type: name, mean: at / -Math.log(share) };
    }
    case 'lognormal': {
      if (call.has('sigma')) return { type: name, p50: call.positive('p50'), sigma: call.number('sigma') };
      const [low, high] = twoQuantiles(call, what, EXAMPLES[name]);
      const sigma = Math.log(high.at / low.at) / (ndtri(low.share) - ndtri(high.share));
      return { type: name, p50: low.at * Math.exp(sigma * ndtri(low.share)), sigma };
    }
    case 'gamma':
      return call.has('mean')
        ? gammaOfMean(call.positive('mean'), call.number('shape'))
        : { type: name, shape: call.number('shape'), scale: call.positive('scale') };
    case 'weibull': {
      if (call.has('shape')) return { type: name, shape: call.number('shape'), scale: call.positive('scale') };
      const [low, high] = twoQuantiles(call, what, EXAMPLES[name]);
      const shape = Math.log(Math.log(high.share) / Math.log(low.share)) / Math.log(high.at / low.at);
      return { type: name, shape, scale: low.at / (-Math.log(low.share)) ** (1 / shape) };
    }
    case 'pareto': {
      const min = call.positive('min');
      const alpha = call.has('alpha') ? call.number('alpha') : paretoAlpha(min, call, what);
      if (alpha <= 1) {
        throw new UsageError(
          `${what}: pareto(…) with alpha ${alpha} has no mean, so nothing can be said of it; write an alpha above 1`,
        );
      }
      return { type: name, min, alpha };
    }
    default:
      return unreachable(name);
  }
}

const gammaOfMean = (mean: number, shape: number): LatencySpec => ({ type: 'gamma', shape, scale: mean / shape });

function paretoAlpha(min: number, call: Call, what: string): number {
  const { share, at } = quantile(call, what, EXAMPLES.pareto);
  if (at <= min) throw new UsageError(`${what}: pareto(…) has a quantile that is not above min`);
  return -Math.log(share) / Math.log(at / min);
}

interface Quantile {
  /** The share that lies above. */
  readonly share: number;
  readonly at: number;
}

/** The quantiles that can be given, by the share that lies above. */
const QUANTILES = { p50: 0.5, p75: 0.25, p90: 0.1, p95: 0.05, p99: 0.01, p999: 0.001 } as const;

function quantile(call: Call, what: string, example: string): Quantile {
  const [first] = given(call);
  if (first === undefined)
    throw new UsageError(`${what}: ${call.name}(…) needs values; write for example '${example}'`);
  return first;
}

function twoQuantiles(call: Call, what: string, example: string): readonly [Quantile, Quantile] {
  const [low, high] = given(call);
  if (low === undefined || high === undefined) {
    throw new UsageError(
      `${what}: ${call.name}(…) needs two of ${Object.keys(QUANTILES).join(', ')}; write for example '${example}'`,
    );
  }
  if (low.at >= high.at) {
    throw new UsageError(
      `${what}: in ${call.name}(…) the higher quantile is not above the lower one; write for example '${example}'`,
    );
  }
  return [low, high];
}

/** At most two are asked for, so that a third is refused as one too many. */
function given(call: Call): readonly Quantile[] {
  return Object.entries(QUANTILES)
    .filter(([key]) => call.has(key))
    .slice(0, 2)
    .map(([key, share]) => ({ share, at: call.positive(key) }));
}

/** The text that describes a distribution to people, with its median and far end. */
export function describeLatency(spec: LatencySpec): string {
  switch (spec.type) {
    case 'constant':
      return `constant ${formatTime(spec.at)}`;
    case 'uniform':
      return `uniform, ${formatTime(spec.min)} to ${formatTime(spec.max)}`;
    case 'exponential':
      return `exponential, mean ${formatTime(spec.mean)}`;
    case 'lognormal':
      return `lognormal, p50 ${formatTime(spec.p50)}, p99 ${formatTime(spec.p50 * Math.exp(-spec.sigma * ndtri(0.01)))}`;
    case 'gamma':
      return `gamma, mean ${formatTime(spec.shape * spec.scale)}, p99 ${formatTime(spec.scale * upperGammaInverse(spec.shape, 0.01))}`;
    case 'weibull':
      return `weibull, mean ${formatTime(spec.scale * gamma(1 + 1 / spec.shape))}, p99 ${formatTime(spec.scale * Math.log(100) ** (1 / spec.shape))}`;
    case 'pareto':
      return `pareto, from ${formatTime(spec.min)}, p99 ${formatTime(spec.min * 100 ** (1 / spec.alpha))}`;
    default:
      return unreachable(spec);
  }
}

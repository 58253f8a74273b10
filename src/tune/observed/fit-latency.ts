/** The distribution that comes nearest to latencies that were seen. */
import { psi } from 'cephes';
import type { LatencySpec } from '../conditions/conditions.ts';
import { latencyOf } from '../forms/latency.ts';
import type { Histogram } from './histogram.ts';

export interface Fit {
  readonly spec: LatencySpec;
  /** Kolmogorov's distance: the largest difference between the shares below any value, seen and fitted. */
  readonly distance: number;
}

/** Every distribution that can be fitted, the nearest first. Needs two values that differ, or the fit is a constant. */
export function fitLatencies(seen: Histogram): readonly Fit[] {
  const mean = seen.sum / seen.count;
  const meanLog = seen.sumOfLogs / seen.count;
  const varianceLog = Math.max(0, seen.sumOfSquaredLogs / seen.count - meanLog ** 2);
  if (varianceLog < 1e-9) return [{ spec: { type: 'constant', at: mean }, distance: 0 }];
  const specs: LatencySpec[] = [
    { type: 'exponential', mean },
    { type: 'lognormal', p50: Math.exp(meanLog), sigma: Math.sqrt(varianceLog) },
    gammaFit(mean, meanLog),
    weibullFit(seen, meanLog),
    ...paretoFit(seen, meanLog),
  ];
  return specs
    .map((spec) => ({ spec, distance: distanceOf(spec, seen) }))
    .filter(({ distance }) => Number.isFinite(distance))
    .toSorted((a, b) => a.distance - b.distance);
}

function distanceOf(spec: LatencySpec, seen: Histogram): number {
  const latency = latencyOf(spec);
  let below = 0;
  let distance = 0;
  for (const { edge, count } of seen.bins()) {
    below += count;
    distance = Math.max(distance, Math.abs(below / seen.count - (1 - latency.tail(edge))));
  }
  return distance;
}

/** The likeliest gamma: log k − ψ(k) = log(mean) − mean(log), by Newton's method. */
function gammaFit(mean: number, meanLog: number): LatencySpec {
  const s = Math.log(mean) - meanLog;
  let shape = (3 - s + Math.sqrt((s - 3) ** 2 + 24 * s)) / (12 * s);
  for (let step = 0; step < 20; step++) {
    const slope = 1 / shape - (psi(shape * 1.0001) - psi(shape)) / (shape * 0.0001);
    const next = shape - (Math.log(shape) - psi(shape) - s) / slope;
    if (!(next > 0) || Math.abs(next - shape) < 1e-9 * shape) break;
    shape = next;
  }
  return { type: 'gamma', shape, scale: mean / shape };
}

/** The likeliest Weibull, by bisection of the shape. */
function weibullFit(seen: Histogram, meanLog: number): LatencySpec {
  const bins = [...seen.bins()].map(({ value, count }) => ({ log: Math.log(value), count }));
  const sums = (shape: number): { readonly powers: number; readonly logs: number } => {
    let [powers, logs] = [0, 0];
    for (const { log, count } of bins) {
      // Against the mean, so that no power overflows.
      const power = count * Math.exp(shape * (log - meanLog));
      powers += power;
      logs += power * log;
    }
    return { powers, logs };
  };
  let [low, high] = [0.05, 50];
  for (let step = 0; step < 60; step++) {
    const shape = Math.sqrt(low * high);
    const { powers, logs } = sums(shape);
    if (logs / powers - 1 / shape > meanLog) high = shape;
    else low = shape;
  }
  const shape = Math.sqrt(low * high);
  const scale = Math.exp(meanLog) * (sums(shape).powers / seen.count) ** (1 / shape);
  return { type: 'weibull', shape, scale };
}

/** Only with a mean can anything be said of it. */
function paretoFit(seen: Histogram, meanLog: number): readonly LatencySpec[] {
  const min = seen.quantile(0);
  const alpha = 1 / (meanLog - Math.log(min));
  return alpha > 1 && Number.isFinite(alpha) ? [{ type: 'pareto', min, alpha }] : [];
}

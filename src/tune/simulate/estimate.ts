/** What the pieces of a simulation say together, with 95 % confidence intervals. */
import { igami, stdtri } from 'cephes';
import type { PieceResult } from './piece.ts';

/** A figure and the interval that holds the true one in 95 of 100 simulations; `value` is null where only a bound is known. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
}

export interface Simulated {
  readonly method: 'plain' | 'splitting';
  readonly heartbeats: number;
  /** A device and day. */
  readonly falseExpiries: Estimate;
  readonly fenceStops: Estimate;
  /** Milliseconds. Null where no mistake was seen. */
  readonly mistakeLasts: Estimate | null;
  readonly detectionMean: Estimate;
  readonly detectionP95: Estimate;
  /** Attempts of one heartbeat. */
  readonly attempts: Estimate;
}

const DAY = 86_400_000;
/** With fewer events than this their number says more than their spread over the pieces. */
const FEW = 40;

export function summarise(pieces: readonly PieceResult[], method: Simulated['method']): Simulated {
  const ms = pieces.reduce((sum, piece) => sum + piece.ms, 0);
  const counted = pieces.reduce((sum, piece) => sum + (piece.expiries ?? 0), 0);
  const stops = pieces.reduce((sum, piece) => sum + piece.stops, 0);
  const spread = spreadOf(pieces.map((piece) => piece.expiryRate * DAY));
  const detections = pieces.map(({ detections: samples }) => Float64Array.from(samples).sort());
  const rate = pieces.reduce((sum, piece) => sum + piece.expiryRate, 0);
  return {
    method,
    heartbeats: pieces.reduce((sum, piece) => sum + piece.heartbeats, 0),
    falseExpiries: method === 'splitting' ? boundedBelow(spread, (3 / ms) * DAY) : ofCount(counted, ms, spread),
    fenceStops: ofCount(stops, ms, spreadOf(pieces.map((piece) => (piece.stops / piece.ms) * DAY))),
    mistakeLasts:
      rate > 0
        ? ratio(
            pieces.map((piece) => piece.excessRate),
            pieces.map((piece) => piece.expiryRate),
          )
        : null,
    detectionMean: spreadOf(detections.map((samples) => samples.reduce((sum, each) => sum + each, 0) / samples.length)),
    detectionP95: spreadOf(detections.map((samples) => samples[Math.floor(samples.length * 0.95)] ?? Number.NaN)),
    attempts: spreadOf(pieces.map((piece) => piece.attempts)),
  };
}

/** The mean of independent figures, with Student's interval. */
function spreadOf(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { value: mean, low: Number.NEGATIVE_INFINITY, high: Infinity };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const half = stdtri(values.length - 1, 0.975) * Math.sqrt(variance / values.length);
  return { value: mean, low: mean - half, high: mean + half };
}

/** A rate a day from a count: Garwood's exact interval, or the spread over the pieces where that is wider. None seen is a bound, not a zero. */
function ofCount(count: number, ms: number, spread: Estimate): Estimate {
  const perDay = DAY / ms;
  const low = count === 0 ? 0 : igami(count, 0.975) * perDay;
  const high = igami(count + 1, 0.025) * perDay;
  if (count < FEW) return { value: count === 0 ? null : count * perDay, low, high };
  return { value: count * perDay, low: Math.min(low, spread.low), high: Math.max(high, spread.high) };
}

/** Splitting that got to no expiry at all knows only how rare the level is that it could not get beyond. */
function boundedBelow({ value, low, high }: Estimate, bound: number): Estimate {
  return value === 0 ? { value: null, low: 0, high: bound } : { value, low: Math.max(0, low), high };
}

/** The ratio of two means, with the interval of the linearised ratio. */
function ratio(above: readonly number[], below: readonly number[]): Estimate {
  const [a, b] = [spreadOf(above).value ?? 0, spreadOf(below).value ?? 0];
  const value = a / b;
  const residuals = spreadOf(above.map((each, index) => (each - value * (below[index] ?? 0)) / b));
  return { value, low: Math.max(0, value + residuals.low), high: value + residuals.high };
}

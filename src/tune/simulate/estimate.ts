/** What the pieces of a simulation say together, with 95 % confidence intervals. */
import { stdtri } from 'cephes';
import { upperGammaInverse } from '../forms/special.ts';
import type { PieceResult } from './piece.ts';

/** A figure and the interval that holds the true one in 95 of 100 simulations; `value` is null where only a bound is known. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
}

export interface Simulated {
  readonly method: 'plain' | 'splitting' | 'world';
  readonly heartbeats: number;
  /** A device and day. */
  readonly falseExpiries: Estimate;
  /** Null where they are not counted, and so below. */
  readonly fenceStops: Estimate | null;
  /** Milliseconds. Null where no mistake was seen. */
  readonly mistakeLasts: Estimate | null;
  /** From a crash to the expiry; in a world, to a start that succeeds. */
  readonly detectionMean: Estimate;
  readonly detectionP95: Estimate;
  /** Attempts of one heartbeat. */
  readonly attempts: Estimate | null;
}

const DAY = 86_400_000;
/** With fewer events than this their number says more than their spread over the pieces. */
const FEW = 40;
/** The 97.5 % quantile of the normal distribution. */
const Z = 1.959964;

export function summarise(pieces: readonly PieceResult[], method: Simulated['method']): Simulated {
  const ms = total(pieces.map((piece) => piece.ms));
  const counted = total(pieces.map((piece) => piece.expiries ?? 0));
  const spread = spreadOf(pieces.map((piece) => piece.expiryRate * DAY));
  const detections = pieces.map(({ detections: samples }) => samples.toSorted());
  const rates = pieces.map((piece) => piece.expiryRate);
  const stops = known(pieces.map((piece) => piece.stops));
  const excesses = known(pieces.map((piece) => piece.excessRate));
  const attempts = known(pieces.map((piece) => piece.attempts));
  return {
    method,
    heartbeats: total(pieces.map((piece) => piece.heartbeats)),
    falseExpiries: method === 'splitting' ? withUnreached(spread, pieces) : ofCount(counted, ms, spread),
    fenceStops:
      stops === null
        ? null
        : ofCount(total(stops), ms, spreadOf(stops.map((each, index) => (each / (pieces[index]?.ms ?? 1)) * DAY))),
    mistakeLasts: excesses !== null && total(rates) > 0 ? ratio(excesses, rates) : null,
    detectionMean: spreadOf(detections.map((samples) => samples.reduce((sum, each) => sum + each, 0) / samples.length)),
    detectionP95: spreadOf(detections.map((samples) => samples[Math.floor(samples.length * 0.95)] ?? Number.NaN)),
    attempts: attempts === null ? null : spreadOf(attempts),
  };
}

/** All of them, or null if one is missing. */
function known(values: readonly (number | null)[]): readonly number[] | null {
  return values.every((value) => value !== null) ? values : null;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The mean of independent figures, with Student's interval. */
function spreadOf(values: readonly number[]): Estimate {
  const mean = total(values) / values.length;
  if (values.length < 2) return { value: mean, low: Number.NEGATIVE_INFINITY, high: Infinity };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const half = stdtri(values.length - 1, 0.975) * Math.sqrt(variance / values.length);
  return { value: mean, low: mean - half, high: mean + half };
}

/** A rate a day from a count: Garwood's exact interval, or the spread over the pieces where that is wider. None seen is a bound, not a zero. */
function ofCount(count: number, ms: number, spread: Estimate): Estimate {
  const perDay = DAY / ms;
  const low = leastMean(count) * perDay;
  const high = mostMean(count) * perDay;
  if (count < FEW) return { value: count === 0 ? null : count * perDay, low, high };
  return { value: count * perDay, low: Math.min(low, spread.low), high: Math.max(high, spread.high) };
}

/** Garwood's bounds for the mean of a Poisson count; for many, Wilson and Hilferty's approximation, which is then as good. */
function leastMean(count: number): number {
  if (count === 0) return 0;
  if (count < FEW) return upperGammaInverse(count, 0.975);
  return count * (1 - 1 / (9 * count) - Z / (3 * Math.sqrt(count))) ** 3;
}

function mostMean(count: number): number {
  const next = count + 1;
  if (count < FEW) return upperGammaInverse(next, 0.025);
  return next * (1 - 1 / (9 * next) + Z / (3 * Math.sqrt(next))) ** 3;
}

/** Splitting knows how rare the silences are that it could not follow; where they may be more than those that it could, a bound is all there is. */
function withUnreached({ value, low, high }: Estimate, pieces: readonly PieceResult[]): Estimate {
  const unreached = (total(pieces.map((piece) => piece.unreached)) / pieces.length) * DAY;
  return value === null || value <= unreached
    ? { value: null, low: 0, high: Math.max(0, high) + unreached }
    : { value, low: Math.max(0, low), high: high + unreached };
}

/** The ratio of two means, with the interval of the linearised ratio. */
function ratio(above: readonly number[], below: readonly number[]): Estimate {
  const [a, b] = [spreadOf(above).value ?? 0, spreadOf(below).value ?? 0];
  const value = a / b;
  const residuals = spreadOf(above.map((each, index) => (each - value * (below[index] ?? 0)) / b));
  return { value, low: Math.max(0, value + residuals.low), high: value + residuals.high };
}

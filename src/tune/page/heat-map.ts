/** The heat map: every pair of heartbeat and timeout as a cell. */
import * as Plot from '@observablehq/plot';
import { formatNumber, formatTime } from '../../core/quantity.ts';
import type { Pair } from '../conditions/conditions.ts';
import type { Figures } from '../forms/figures.ts';

export interface Drawing {
  readonly grid: readonly Figures[];
  /** Where the sliders stand. */
  readonly pair: Pair;
  readonly chosen: Figures | null;
  readonly isKept: (figures: Figures) => boolean;
  readonly pick: (pair: Pair) => void;
}

export const METRIC_NAMES = {
  falseExpiries: 'false expiries a device and day',
  fenceStops: 'healthy clients stopped by their fence, a day',
  recoveryMean: 'recovery after a crash, mean',
  recoveryMax: 'recovery after a crash, at most',
  writes: 'writes a second',
} as const;
export type MetricChoice = keyof typeof METRIC_NAMES;

const VALUES: Record<MetricChoice, (figures: Figures) => number> = {
  // Rarer than once in a thousand years makes no difference to anybody, and would use up all the colours.
  falseExpiries: ({ falseExpiries }) => Math.max(1e-6, falseExpiries),
  fenceStops: ({ fenceStops }) => Math.max(1e-6, fenceStops),
  recoveryMean: ({ recovery }) => recovery.mean / 1000,
  recoveryMax: ({ recovery }) => recovery.max / 1000,
  writes: ({ writes }) => writes,
};

export function drawHeatMap({ grid, pair, chosen, isKept, pick }: Drawing, metric: MetricChoice): Element {
  const value = VALUES[metric];
  const isRate = metric === 'falseExpiries' || metric === 'fenceStops';
  const same =
    (a: Pair | null) =>
    (b: Figures): boolean =>
      a?.heartbeat === b.heartbeat && a.timeout === b.timeout;
  const inSeconds = { x: (f: Figures) => f.timeout / 1000, y: (f: Figures) => f.heartbeat / 1000 };
  const plot = Plot.plot({
    width: 960,
    height: 400,
    style: { fontSize: '12px' },
    marginLeft: 56,
    marginBottom: 48,
    x: {
      type: 'band',
      label: 'timeout, seconds →',
      tickFormat: String,
      ticks: everyNth(
        grid.map((f) => f.timeout / 1000),
        18,
      ),
      padding: 0.06,
    },
    y: { type: 'band', label: '↑ heartbeat, seconds', reverse: true, tickFormat: String, padding: 0.06 },
    color: {
      type: isRate ? 'log' : 'linear',
      scheme: 'YlGnBu',
      reverse: isRate,
      legend: true,
      label: `${METRIC_NAMES[metric]}${metric.startsWith('recovery') ? ', seconds' : ''}`,
      ...LEGEND,
      ...(isRate ? { domain: [1e-6, 100], clamp: true, tickFormat: powerOfTen } : {}),
    },
    marks: [
      Plot.cell(grid, { ...inSeconds, fill: value, title: titleOf, tip: true, inset: 0 }),
      Plot.dot(grid.filter(isKept), { ...inSeconds, r: 2.4, fill: 'black', stroke: 'white', strokeWidth: 0.8 }),
      Plot.cell(grid.filter(same(chosen)), {
        ...inSeconds,
        stroke: 'var(--chosen)',
        strokeWidth: 3.5,
        fill: 'none',
        inset: -1,
      }),
      Plot.cell(grid.filter(same(pair)), {
        ...inSeconds,
        stroke: 'currentColor',
        strokeWidth: 2,
        strokeDasharray: '4 2',
        fill: 'none',
        inset: -2,
      }),
    ],
  });
  plot.addEventListener('click', () => {
    const pointed = plot.value as Figures | null | undefined;
    if (pointed) pick(pointed);
  });
  return plot;
}

function titleOf(figures: Figures): string {
  const { heartbeat, timeout, falseExpiries, recovery, writes } = figures;
  return [
    `${heartbeat / 1000} s / ${timeout / 1000} s`,
    `${formatNumber(falseExpiries)} false expiries a day`,
    `recovery ${formatTime(recovery.mean)}, at most ${formatTime(recovery.max)}`,
    `${formatNumber(writes)} writes a second`,
  ].join('\n');
}

/** The legend's own options, which are handed on with those of the scale. */
export const LEGEND = { width: 440, marginLeft: 18, marginRight: 18 };

/** A power of ten as people read it, and nothing for what lies between two. */
export function powerOfTen(value: number): string {
  const power = Math.log10(value);
  if (Math.abs(power - Math.round(power)) > 1e-6) return '';
  return power < -3 ? `1e${Math.round(power)}` : formatNumber(value);
}

/** So few ticks that their texts do not touch. */
function everyNth(values: readonly number[], most: number): number[] {
  const distinct = [...new Set(values)].toSorted((a, b) => a - b);
  const every = Math.ceil(distinct.length / most);
  return distinct.filter((_, index) => index % every === 0);
}

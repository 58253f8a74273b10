/** The front: what a shorter recovery costs in false expiries, at how many writes. */
import * as Plot from '@observablehq/plot';
import { formatNumber, formatTime } from '../../core/quantity.ts';
import type { Pair } from '../conditions/conditions.ts';
import type { Figures } from '../forms/figures.ts';
import { LEGEND, powerOfTen, type Drawing } from './heat-map.ts';

export function drawFront({
  grid,
  front,
  pair,
  chosen,
  isKept,
  pick,
}: Drawing & { readonly front: readonly Figures[] }): Element {
  const place = {
    x: (f: Figures) => f.recovery.max / 1000,
    y: (f: Figures) => Math.max(1e-6, f.falseExpiries),
  };
  const same =
    (a: Pair | null) =>
    (b: Figures): boolean =>
      a?.heartbeat === b.heartbeat && a.timeout === b.timeout;
  const plot = Plot.plot({
    width: 960,
    height: 420,
    style: { fontSize: '12px' },
    marginLeft: 70,
    marginBottom: 48,
    grid: true,
    x: { label: 'recovery after a crash, at most, seconds →' },
    y: {
      type: 'log',
      label: '↑ false expiries a device and day',
      tickFormat: powerOfTen,
    },
    color: {
      type: 'log',
      scheme: 'YlOrRd',
      legend: true,
      ...LEGEND,
      label: 'writes a second',
      tickFormat: oneTwoFive,
    },
    marks: [
      Plot.dot(grid, { ...place, r: 1.6, fill: 'currentColor', fillOpacity: 0.25 }),
      Plot.dot(front, {
        ...place,
        r: 4.5,
        fill: 'writes',
        stroke: 'currentColor',
        strokeWidth: 0.7,
        title: titleOf,
        tip: true,
      }),
      Plot.dot(
        front.filter((figures) => isKept(figures)),
        { ...place, r: 1.4, fill: 'black' },
      ),
      Plot.dot(grid.filter(same(chosen)), { ...place, r: 8, stroke: 'var(--chosen)', strokeWidth: 3 }),
      Plot.dot(grid.filter(same(pair)), {
        ...place,
        r: 11,
        stroke: 'currentColor',
        strokeWidth: 1.6,
        strokeDasharray: '4 2',
      }),
    ],
  });
  plot.addEventListener('click', () => {
    const pointed = plot.value as Figures | null | undefined;
    if (pointed) pick(pointed);
  });
  return plot;
}

function titleOf({ heartbeat, timeout, falseExpiries, recovery, writes }: Figures): string {
  return `${heartbeat / 1000} s / ${timeout / 1000} s\n${formatNumber(falseExpiries)} false expiries a day\nrecovery at most ${formatTime(recovery.max)}\n${formatNumber(writes)} writes a second`;
}

/** Of the many ticks of a logarithmic scale, those that begin with 1, 2 or 5. */
function oneTwoFive(value: number): string {
  return /^[125]/.test(value.toExponential(0)) ? formatNumber(value) : '';
}

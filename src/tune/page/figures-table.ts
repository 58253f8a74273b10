/** The figures of the pair at which the sliders stand, beside those of the recommended one. */
import { formatBytes, formatNumber, formatTime } from '../../core/quantity.ts';
import type { Figures } from '../forms/figures.ts';

const ROWS: readonly (readonly [name: string, label: string, of: (figures: Figures) => string])[] = [
  ['false-expiries', 'False expiries a device and day', (f) => formatNumber(f.falseExpiries)],
  ['between', 'One device loses its session once in', (f) => formatTime(f.betweenMistakes)],
  [
    'lasts',
    'A live session is held for dead for',
    (f) => (f.mistakeLasts === null ? 'never' : formatTime(f.mistakeLasts)),
  ],
  ['misses', 'Missed heartbeats in a row tolerated', (f) => String(Math.max(0, f.missesTolerated))],
  [
    'detection',
    'Crash detected, mean and at most',
    (f) => `${formatTime(f.detection.mean)}, ${formatTime(f.detection.max)}`,
  ],
  [
    'recovery',
    'Recovery: mean, 95 of 100, at most',
    (f) => `${formatTime(f.recovery.mean)}, ${formatTime(f.recovery.p95)}, ${formatTime(f.recovery.max)}`,
  ],
  ['writes', 'Writes of the fleet', (f) => `${formatNumber(f.writes)}/s`],
  ['bytes', 'Bytes of the fleet', (f) => formatBytes(f.bytes)],
  ['fence', 'Fence', (f) => (f.fence === null ? 'none' : formatTime(f.fence))],
  ['overlap', 'Two devices at work at once for', (f) => (f.overlap === 0 ? 'no time' : formatTime(f.overlap))],
  ['stops', 'Healthy clients stopped by the fence, a day', (f) => formatNumber(f.fenceStops)],
  ['outage', 'Work goes on in an outage for', (f) => `${formatTime(f.outageLeast)} to ${formatTime(f.outageMost)}`],
  ['wait', 'Honest wait of a rival', (f) => `${formatTime(f.waitLeast)} to ${formatTime(f.waitMost)}`],
  [
    'takeover',
    'Victim of a takeover works on: mean, at most',
    (f) => `${formatTime(f.takeoverMean)}, ${formatTime(f.takeoverMost)}`,
  ],
];

/** Null for a pair that makes no sense, and where nothing is recommended. */
export function showFigures(table: HTMLElement, figures: Figures | null, chosen: Figures | null): void {
  const head = row('th', ['', title('Here', figures), title('Recommended', chosen)]);
  const body = ROWS.map(([name, label, of]) => {
    const line = row('td', [label, figures === null ? '–' : of(figures), chosen === null ? '–' : of(chosen)]);
    line.dataset['figure'] = name;
    return line;
  });
  table.replaceChildren(head, ...body);
}

function title(label: string, figures: Figures | null): string {
  return figures === null ? label : `${label}: ${figures.heartbeat / 1000} s / ${figures.timeout / 1000} s`;
}

function row(kind: 'th' | 'td', texts: readonly string[]): HTMLTableRowElement {
  const line = document.createElement('tr');
  for (const [index, text] of texts.entries()) {
    const cell = document.createElement(index === 0 ? 'th' : kind);
    cell.scope = index === 0 ? 'row' : 'col';
    if (kind === 'td' && index > 0) cell.removeAttribute('scope');
    cell.textContent = text;
    line.append(cell);
  }
  return line;
}

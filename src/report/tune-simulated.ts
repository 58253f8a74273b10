/** What was simulated, beside the closed forms. */
import { formatNumber, formatTime } from '../core/quantity.ts';
import type { TuneInterval, TuneReport, TuneSimulated } from './tune-report.ts';
import { labelled } from './wrap.ts';

/** Rows that are shown on a terminal; the others are in the JSON. */
const MOST_ROWS = 12;

export function simulatedText({ simulated, approximations }: TuneReport): readonly string[] {
  const why =
    approximations.length === 0
      ? 'to check the closed forms'
      : `because the closed forms are only near: ${approximations.join('; ')}. The figures above are simulated`;
  // Of many pairs only some, and always those that were played in a world.
  const shown = simulated.filter(({ method }, index) => method === 'world' || index < MOST_ROWS);
  const rows = shown.map((each) => [
    `${each.heartbeat / 1000}s / ${each.timeout / 1000}s`,
    formatNumber(each.closed),
    intervalText(each.falseExpiries, formatNumber),
    errorText(each.detectionMean, formatTime),
    each.method,
    agreement(each),
  ]);
  const headings = ['pair', 'closed', 'false/day, 95 % interval', 'crash seen, mean', 'by', 'compared'];
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  const inWorlds = shown.some(({ method }) => method === 'world')
    ? ['  world: server, network and client in full; there the mean is until a start succeeds']
    : [];
  const heartbeats = simulated.reduce((sum, each) => sum + each.heartbeats, 0);
  return [
    ...labelled(
      'simulated',
      `${simulated.length} pair${simulated.length === 1 ? '' : 's'}, ${formatNumber(heartbeats)} heartbeats, ${why}`,
      2,
      12,
    ),
    line(headings),
    ...rows.map(line),
    ...inWorlds,
    ...(rows.length === simulated.length ? [] : [`  … the JSON report has ${simulated.length - rows.length} more`]),
  ];
}

/** Whether the closed form lies in the interval; of twenty that are right, one lies just outside. A bound says little; `more` and `less` are what was simulated. */
export function agreement({ closed, falseExpiries: { value, low, high } }: TuneSimulated): string {
  if (value === null && closed <= high) return 'too rare';
  if (closed >= low && closed <= high) return 'agree';
  const half = (high - low) / 2;
  if (closed >= low - half && closed <= high + half) return 'just outside';
  return closed < low ? 'more' : 'less';
}

/** `42.5s ±21.1ms`. */
function errorText({ value, low, high }: TuneInterval, format: (value: number) => string): string {
  return value === null ? `below ${format(high)}` : `${format(value)} ±${format(Math.max(high - value, value - low))}`;
}

export function intervalText({ value, low, high }: TuneInterval, format: (value: number) => string): string {
  return value === null ? `below ${format(high)}` : `${format(value)} (${format(low)} to ${format(high)})`;
}

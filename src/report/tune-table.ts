/** The front as a table: the pairs of which none is better in one respect without being worse in another. */
import { formatNumber, formatTime } from '../core/quantity.ts';
import type { TuneRow } from './tune-report.ts';
import { falseExpiriesCell } from './tune-words.ts';
import { wrap, WIDTH } from './wrap.ts';

type Column = readonly [heading: string, (row: TuneRow) => string];

const COLUMNS: readonly Column[] = [
  ['heartbeat', ({ heartbeat }) => `${heartbeat / 1000}s`],
  ['timeout', ({ timeout }) => `${timeout / 1000}s`],
  ['false/day', falseExpiriesCell],
  ['misses', ({ missesTolerated }) => String(missesTolerated)],
  ['recovery', ({ recovery }) => formatTime(recovery.mean)],
  ['p95', ({ recovery }) => formatTime(recovery.p95)],
  ['max', ({ recovery }) => formatTime(recovery.max)],
  ['writes/s', ({ writes }) => formatNumber(writes)],
  ['kB/s', ({ bytes }) => formatNumber(bytes / 1000)],
  ['fence', ({ fence }) => (fence === null ? 'none' : formatTime(fence))],
  ['stops/day', ({ fenceStops }) => formatNumber(fenceStops)],
];

/** More lines than this would push what matters off the screen. */
const MOST_ROWS = 20;

/** The chosen pair is marked; of a long front every so many are shown, and always the chosen one. */
export function frontTable(front: readonly TuneRow[], chosen: TuneRow | null): readonly string[] {
  const isChosen = (row: TuneRow): boolean => row.heartbeat === chosen?.heartbeat && row.timeout === chosen.timeout;
  const every = Math.ceil(front.length / MOST_ROWS);
  const shown = front.filter((row, index) => isChosen(row) || index % every === 0);
  const rows = shown.map((row) => [isChosen(row) ? '✓' : '', ...COLUMNS.map(([, value]) => value(row))]);
  const headings = ['', ...COLUMNS.map(([heading]) => heading)];
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')}`.trimEnd();
  const count =
    shown.length === front.length ? '' : ` (${shown.length} of ${front.length}; the JSON and HTML reports have all)`;
  return [
    ...wrap(
      `front: no other pair is better in one of false expiries, recovery and writes, and no worse${count}`,
      WIDTH - 2,
    ).map((each) => `  ${each}`),
    line(headings),
    ...rows.map(line),
  ];
}

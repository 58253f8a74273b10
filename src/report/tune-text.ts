/** The report on heartbeats and timeouts for people at a terminal. */
import picocolors from 'picocolors';
import { formatBytes, formatNumber, formatTime } from '../core/quantity.ts';
import { counted, grouped } from './counts.ts';
import { claimsText } from './tune-claims.ts';
import { frontTable } from './tune-table.ts';
import type { TuneChoice, TuneObserved, TuneReport, TuneRow } from './tune-report.ts';
import { simulatedText } from './tune-simulated.ts';
import { mistakesText, neighbourText, relaxedText } from './tune-words.ts';
import { labelled, wrap, WIDTH } from './wrap.ts';

export interface TuneTextOptions {
  readonly colour: boolean;
  /** S3's claims as well. */
  readonly claims: boolean;
}

/** At most 100 columns wide. Ends with a line feed. */
export function tuneText(report: TuneReport, { colour, claims }: TuneTextOptions): string {
  const paint = picocolors.createColors(colour);
  const { grid, heartbeats, timeouts, choice, front } = report;
  const sections = [
    [
      `${counted(heartbeats.length, 'heartbeat')} × ${counted(timeouts.length, 'timeout')}: ${pairsText(grid.length)}`,
      '',
      ...report.conditions.flatMap(([label, text]) => labelled(label, text, 2, 12)),
      ...labelled(
        'wishes',
        `${report.wishes.join(', ')}${report.wishesAreUsual ? ' (the usual ones; --want says yours)' : ''}`,
        2,
        12,
      ),
    ],
    ...(report.observed === null ? [] : [observedLines(report.observed)]),
    ...(report.warnings.length === 0
      ? []
      : [report.warnings.flatMap((warning) => labelled('warning', warning, 2, 12).map((line) => paint.yellow(line)))]),
    choiceLines(choice, paint),
    [...frontTable(front, choice.type === 'found' ? choice.chosen : null)],
    ...(report.simulated.length === 0 ? [] : [simulatedText(report)]),
    ...(claims ? [claimsText(report.claims)] : []),
    // In one line, because it is to be copied.
    [`  ${'again'.padEnd(12)}${report.again}`],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function pairsText(count: number): string {
  return count === 1 ? '1 pair that makes sense' : `${grouped(count)} pairs that make sense`;
}

/** `20s / 60s`. */
function pairText({ heartbeat, timeout }: Pick<TuneRow, 'heartbeat' | 'timeout'>): string {
  return `${heartbeat / 1000}s / ${timeout / 1000}s`;
}

function choiceLines(choice: TuneChoice, paint: ReturnType<typeof picocolors.createColors>): readonly string[] {
  if (choice.type === 'none') {
    return [
      paint.red('✗ no pair keeps every wish'),
      ...choice.relaxations
        .slice(0, 5)
        .flatMap(({ wishes, pair }) =>
          labelled('relax', `${wishes.map(relaxedText).join(' and ')}: then ${pairText(pair)} keeps all`, 4, 12),
        ),
    ];
  }
  const { chosen, candidates, tightest, neighbours } = choice;
  const spare =
    tightest === null ? '' : `; tightest is ${tightest.wish}, kept ${formatNumber(tightest.spare)} times over`;
  return [
    paint.green(`✓ heartbeat ${chosen.heartbeat / 1000}s, timeout ${chosen.timeout / 1000}s`),
    ...wrap(
      `keeps every wish, as ${candidates === 1 ? 'no other pair does' : `${candidates} pairs do`}${spare}`,
      WIDTH - 4,
    ).map((line) => `    ${line}`),
    ...rowLines(chosen),
    ...neighbours.flatMap((neighbour) => labelled(pairText(neighbour), neighbourText(neighbour), 4, 14)),
  ];
}

/** Everything about one pair. */
function rowLines(row: TuneRow): readonly string[] {
  const lines: readonly (readonly [string, string])[] = [
    ['healthy', `taken for dead ${mistakesText(row)}; ${missesText(row.missesTolerated)}`],
    [
      'crashed',
      `seen after ${formatTime(row.detection.mean)} on average, ${formatTime(row.detection.max)} at most; a start succeeds after ${formatTime(row.recovery.mean)} on average, ${formatTime(row.recovery.p95)} for 95 of 100, ${formatTime(row.recovery.max)} at most`,
    ],
    ['load', `${formatNumber(row.writes)} writes/s, ${formatBytes(row.bytes)}`],
    [
      'fence',
      row.fence === null
        ? 'none: a client that cannot reach the server works on without end'
        : `${row.fence / 1000}s: ${row.overlap === 0 ? 'two devices never work at once' : `two devices work at once for up to ${formatTime(row.overlap)}`}; in an outage work goes on for ${formatTime(row.outageLeast)} to ${formatTime(row.outageMost)}; it stops a healthy client ${formatNumber(row.fenceStops)} times a day`,
    ],
    [
      'takeover',
      `the victim works on for ${formatTime(row.takeoverMean)} on average, ${formatTime(row.takeoverMost)} at most; a grace of that length keeps the overlap at 0`,
    ],
    [
      'wait',
      `an honest server tells a rival ${formatTime(row.waitLeast)} to ${formatTime(row.waitMost)} while the holder is alive`,
    ],
  ];
  return lines.flatMap(([label, text]) => labelled(label, text, 4, 14));
}

function missesText(misses: number): string {
  if (misses < 0) return 'not even a heartbeat in time is safe';
  return misses === 0
    ? 'no missed heartbeat is tolerated'
    : `${misses} missed heartbeat${misses === 1 ? '' : 's'} in a row tolerated`;
}

function observedLines({ source, found, fits, quantiles, warnings }: TuneObserved): readonly string[] {
  return [
    ...labelled('observed', source, 2, 12),
    ...found.flatMap(([label, text]) => labelled(label, text, 4, 14)),
    ...(fits.length === 0 ? [] : fitLines(fits, quantiles)),
    ...warnings.flatMap((warning) => labelled('warning', warning, 4, 14)),
  ];
}

function fitLines(fits: TuneObserved['fits'], quantiles: TuneObserved['quantiles']): readonly string[] {
  return [
    ...labelled(
      'fits',
      fits.map(({ name, distance }) => `${name} (off by ${formatNumber(distance * 100)} %)`).join('; '),
      4,
      14,
    ),
    ...labelled(
      'quantiles',
      quantiles
        .map(
          ({ share, observed, fitted }) =>
            `p${formatNumber(share * 100)} ${formatTime(observed)} (fit ${formatTime(fitted)})`,
        )
        .join(', '),
      4,
      14,
    ),
  ];
}

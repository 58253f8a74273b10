/** What a race found, as people read it. */
import picocolors from 'picocolors';
import type { Finding } from '../laws/finding.ts';
import { counted, grouped } from './counts.ts';
import { explanation, headline } from './finding-block.ts';
import { scheduleLines, type Drawing } from './schedule.ts';
import { labelled, wrap, WIDTH } from './wrap.ts';

export interface RaceReport {
  readonly design: string;
  /** `PostgreSQL 18.4 (embedded), read committed`, or `memory`. */
  readonly where: string;
  /** `2 starts and 1 sweep`. */
  readonly calls: string;
  /** `a seat that was never granted`. */
  readonly seat: string;
  /** `the clock reaches each deadline`; empty without extra steps. */
  readonly extras: readonly string[];
  /** What was interleaved, in a sentence. */
  readonly granularity: string;
  readonly schedules: number;
  readonly pruned: number;
  /** Orders in which the server chose which of several waiting calls went on first, so that the others may not have been played. */
  readonly chosen: number;
  readonly rawAtMost: number | null;
  readonly reduced: boolean;
  readonly outcomes: readonly (readonly [string, number])[];
  readonly broken: readonly (readonly [string, number])[];
  /** Laws that the design declares to break, and that broke. */
  readonly expected?: readonly (readonly [string, number])[];
  /** Laws that the design declares to break, and that every order kept. */
  readonly declaredButKept?: readonly string[];
  /** Laws that broke in an order, and not when it was replayed. */
  readonly unrepeated: readonly (readonly [string, number])[];
  readonly kept: readonly string[];
  /** Laws that no order tested, with the reason. */
  readonly notJudged: readonly (readonly [string, string])[];
  /** Whether a call was carried out in some order. */
  readonly succeeded: boolean;
  readonly undecided: readonly string[];
  readonly bound: string | null;
  readonly wallMs: number;
  readonly findings: readonly RaceFindingReport[];
}

export interface RaceFindingReport {
  readonly finding: Finding;
  readonly drawing: Drawing;
  readonly also: readonly string[];
  readonly alsoInTurn: boolean;
  readonly confirmed: boolean;
  readonly replay: string;
}

const MOST_OUTCOMES = 12;

/** Ends with a line feed. */
export function raceReport(report: RaceReport, colour: boolean): string {
  const colours = picocolors.createColors(colour);
  const mark = report.broken.length > 0 ? colours.red('✗') : doubtsOf(report).length === 0 ? colours.green('✓') : '?';
  const what = `${report.design}: ${report.calls} at once on ${report.seat}`;
  const lines = [
    `${mark} ${colours.bold(what)}`,
    `  ${colours.dim([report.where, ...report.extras].join('; '))}`,
    '',
    ...report.findings.flatMap((each) => [...findingLines(each, colours.red), '']),
    ...countLines(report),
    ...verdictLines(report),
    ...declaredLines(report),
    ...labelled('steps', report.granularity),
    ...notJudgedLines(report),
  ];
  return `${lines.join('\n')}\n`;
}

export function findingLines(found: RaceFindingReport, mark: (text: string) => string): readonly string[] {
  const { finding, drawing, also, alsoInTurn, confirmed, replay } = found;
  return [
    ...headline(finding).map((line) => `  ${mark(line)}`),
    ...scheduleLines(drawing).map((line) => `    ${line}`),
    ...explanation(finding),
    ...(also.length === 0 ? [] : labelled('also', `the same schedule breaks ${also.join(' ')}`)),
    ...(alsoInTurn ? labelled('note', 'it also breaks sequentially, when one call follows the other') : []),
    ...(confirmed ? [] : labelled('note', 'inconclusive: the same order, replayed, did not break it again')),
    `  replay  ${replay}`,
  ];
}

function countLines(report: RaceReport): readonly string[] {
  const { schedules, rawAtMost, reduced, wallMs, outcomes, pruned } = report;
  // Of a few orders, most of the time went into connecting.
  const rate = schedules < 100 ? '' : `, ${grouped(Math.round(schedules / (wallMs / 1000)))} a second`;
  const raw = reduced ? classesInWords(rawAtMost) : eachInWords(rawAtMost);
  const given = pruned === 0 ? '' : `; ${grouped(pruned)} given up early`;
  const shown = [...outcomes].sort((a, b) => b[1] - a[1]);
  const width = Math.max(0, ...shown.slice(0, MOST_OUTCOMES).map(([, n]) => grouped(n).length));
  return [
    ...labelled('played', `${counted(schedules, 'order')}${raw}${given}; ${(wallMs / 1000).toFixed(1)} s${rate}`),
    ...shown
      .slice(0, MOST_OUTCOMES)
      .map(([outcome, n], i) => `  ${(i === 0 ? 'ended' : '').padEnd(8)}${grouped(n).padStart(width)} × ${outcome}`),
    ...(shown.length > MOST_OUTCOMES ? [`          and ${shown.length - MOST_OUTCOMES} more outcomes`] : []),
  ];
}

/** How an order that was played stands for others. */
export function classesInWords(rawAtMost: number | null): string {
  const among = rawAtMost === null ? '' : ` among at most ${grouped(rawAtMost)}`;
  return `, one for each class of equivalent ones${among}`;
}

function eachInWords(rawAtMost: number | null): string {
  return rawAtMost === null ? ', each by itself' : `, each by itself, of at most ${grouped(rawAtMost)}`;
}

function declaredLines({ expected = [], declaredButKept = [] }: RaceReport): readonly string[] {
  const orders = expected.map(([law, n]) => `${law} in ${counted(n, 'order')}`).join(', ');
  return [
    ...(orders === '' ? [] : labelled('note', `expected to break (declared by the design): ${orders}`)),
    ...declaredButKept.flatMap((law) =>
      labelled('note', `${law} is declared to break, and no order of this race broke it`),
    ),
  ];
}

function verdictLines(report: RaceReport): readonly string[] {
  const { broken, kept, calls, seat, where, extras } = report;
  const laws = kept.filter((law) => law !== 'linearizability').join(' ');
  const keptLines = laws === '' ? [] : labelled('kept', laws);
  const doubts = doubtsOf(report)
    .flatMap((doubt) => wrap(`inconclusive: ${doubt}`, WIDTH - 2))
    .map((line) => `  ${line}`);
  if (broken.length > 0) {
    return [
      ...labelled('broken', broken.map(([law, n]) => `${law} in ${counted(n, 'order')}`).join(', ')),
      ...keptLines,
      ...doubts,
    ];
  }
  if (doubts.length > 0) return [...keptLines, ...doubts];
  const holder = kept.includes('P1') ? 'at most one holder; ' : '';
  const when = extras.length === 0 ? '' : `, ${extras.join(', ')}`;
  const order = kept.includes('linearizability')
    ? ', and some order of the calls, one after another, gives the very same answers'
    : '';
  return labelled(
    'proved',
    `${calls} at any moment on ${seat}, ${where}${when}: ${holder}${laws} ${laws.includes(' ') ? 'hold' : 'holds'} in every order${order}`,
  );
}

/** A line for each reason. */
export function notJudgedLines({ notJudged }: Pick<RaceReport, 'notJudged'>): readonly string[] {
  const reasons = [...new Set(notJudged.map(([, reason]) => reason))];
  return reasons.flatMap((reason, index) => {
    const laws = notJudged.filter(([, why]) => why === reason).map(([law]) => law);
    return labelled(index === 0 ? 'open' : '', `${laws.join(' ')} not judged: ${reason}`);
  });
}

/** Why nothing is proved although nothing broke. */
export function doubtsOf(report: RaceReport): readonly string[] {
  const { bound, schedules, chosen, undecided, unrepeated, kept, expected = [], succeeded } = report;
  const broken = [...report.broken, ...expected];
  return [
    unrepeated.length > 0 &&
      `${unrepeated.map(([law, n]) => `${law} broke in ${counted(n, 'order')}`).join(', ')}, and not when such an order was replayed`,
    broken.length === 0 && !succeeded && 'no call succeeded in any order',
    kept.length + broken.length + unrepeated.length === 0 && 'no law was tested',
    bound !== null &&
      `the bound of ${bound} was met after ${counted(schedules, 'order')}; allow more with --max-schedules, or race fewer calls`,
    chosen > 0 &&
      `in ${counted(chosen, 'order')} several calls waited for one, and the server chose which of them went on first, so the other choices may not have been played; with --postgres embedded they are, but not on Windows`,
    undecided.length > 0 && `${undecided.join(' ')} could not be decided within the bound of the search`,
  ].filter((doubt) => doubt !== false);
}

/** What makes a race impossible: the call, the statement, and what to do. */
export function faultText(design: string, message: string, fix: string, colour: boolean): string {
  const colours = picocolors.createColors(colour);
  const lines = [
    `${colours.red('✗')} ${colours.bold(`${design} cannot be raced`)}`,
    ...wrap(message, WIDTH - 2).map((line) => `  ${line}`),
    ...labelled('fix', fix),
  ];
  return `${lines.join('\n')}\n`;
}

/** The result of a campaign, for people: the worst findings and how to replay them, or what the runs bound. */
import picocolors from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import type { History } from '../history/history.ts';
import type { Finding } from '../laws/finding.ts';
import { bySeverity } from '../laws/severity.ts';
import { counted, grouped } from './counts.ts';
import { explanation, headline } from './finding-block.ts';
import { formatSeed } from './run-report.ts';
import { timeline } from './timeline.ts';
import { labelled } from './wrap.ts';

export interface CampaignReport {
  readonly design: string;
  readonly outcome: 'passed' | 'broken' | 'inconclusive';
  /** In sentences, what leaves the result open; empty where nothing does. */
  readonly doubts: readonly string[];
  /** In sentences, laws that the design declares to break, and that never broke. */
  readonly unkept: readonly string[];
  readonly seed: number;
  readonly faults: readonly string[];
  /** How many runs were wanted; null where time alone set the end. */
  readonly wanted: number | null;
  readonly runs: number;
  /** The run at which the campaign stopped early, because the design did not finish it; null where it finished all. */
  readonly lost: number | null;
  /** What the runs interleaved; null where none was played. */
  readonly granularity: 'statement' | 'request' | null;
  /** The command line that interleaves the statements of requests, where the runs did not; null where they did. */
  readonly race: string | null;
  readonly simulatedMs: number;
  readonly commands: number;
  readonly wallMs: number;
  readonly laws: readonly CampaignLaw[];
  readonly goals: readonly { readonly name: string; readonly count: number }[];
  /** The largest share of runs that break something, with 95 % confidence; null unless all passed. */
  readonly bound: number | null;
  /** What broke and breaks again when it is replayed, the worst first. */
  readonly found: readonly Found[];
  /** What broke in a run and in no replay, the worst first. */
  readonly unconfirmed: readonly Unconfirmed[];
  /** Whether a signal ended it. */
  readonly interrupted: boolean;
}

export interface CampaignLaw {
  readonly code: string;
  /** How often it was tested. */
  readonly tested: number;
  /** In how many runs it broke. */
  readonly broken: number;
  /** In how many runs it could not be judged. */
  readonly notJudged: number;
  /** Why it could not. */
  readonly reasons: readonly string[];
}

export interface Unconfirmed {
  readonly code: string;
  /** In how many runs it broke. */
  readonly runs: number;
  /** What became of it, in a sentence. */
  readonly message: string;
  /** The command line that plays the first of these runs again. */
  readonly replay: string;
}

export interface Found {
  readonly code: string;
  /** Whether the design declares that it breaks. */
  readonly expected: boolean;
  readonly run: number;
  /** Null where it could not be played to its end. */
  readonly history: History | null;
  readonly steps: number;
  readonly stepsDrawn: number;
  readonly played: number;
  readonly complete: boolean;
  readonly findings: readonly Finding[];
  /** Where it was saved; null where it was not. */
  readonly file: string | null;
  /** Command lines that show it again, the shortest first. */
  readonly replay: readonly string[];
}

/** Findings of other laws in the same counterexample that are shown. */
const MOST_OTHERS = 3;

/** The worst findings, shown in full. The others get one line each. */
const MOST_IN_FULL = 3;

/** Ends with a line feed. */
export function campaignText(report: CampaignReport, colour: boolean): string {
  const colours = picocolors.createColors(colour);
  const found = report.found.filter(({ expected }) => !expected);
  const lines = [
    ...found.slice(0, MOST_IN_FULL).flatMap((each) => [...foundBlock(each, report, colours), '']),
    ...foundTable(found.slice(MOST_IN_FULL), colours),
    verdict(report, colours),
    ...report.unkept.flatMap((line) => labelled('why', line)),
    ...doubtLines(report),
    '',
    ...lawLines(report).flatMap((line, index) => labelled(index === 0 ? 'laws' : '', line)),
    ...labelled('reached', goalsInWords(report)),
    ...(report.bound === null ? [] : labelled('bound', boundInWords(report.runs, report.bound))),
    ...(report.granularity === null ? [] : labelled('steps', GRANULARITY[report.granularity])),
    // On one line, however long, so that it can be copied.
    ...(report.race === null ? [] : [`  next    ${report.race}`]),
    ...labelled('faults', report.faults.length === 0 ? 'none' : report.faults.join(', ')),
    ...labelled('seed', formatSeed(report.seed)),
  ];
  return `${lines.join('\n')}\n`;
}

const GRANULARITY: Readonly<Record<NonNullable<CampaignReport['granularity']>, string>> = {
  statement: 'each statement of the store is one step; other requests can run between two steps',
  request: 'each request is one step; no other request runs within it; a race interleaves their statements',
};

function verdict(report: CampaignReport, colours: Colors): string {
  const { design, outcome, unkept, interrupted } = report;
  const found = report.found.filter(({ expected }) => !expected);
  const codes = found.map(({ code }) => code).join(', ');
  const effort = `${counted(report.runs, 'run')}, ${lengthInWords(report.simulatedMs)} of simulated time and ${counted(report.commands, 'command')} in ${(report.wallMs / 1000).toFixed(1)} s`;
  const end = interrupted ? ', then it was interrupted' : '';
  switch (outcome) {
    case 'broken':
      return `${colours.red(`✗ ${design}: ${codes === '' ? `${counted(unkept.length, 'declared law')} never` : codes} broke`)} in ${effort}${end}`;
    case 'inconclusive':
      return `${colours.yellow(`? ${design}: inconclusive`)} after ${effort}${end}`;
    case 'passed':
      return `${colours.green(`✓ ${design}: nothing ${report.found.length === 0 ? '' : 'else '}broke`)} in ${effort}${end}`;
  }
}

function doubtLines({ outcome, doubts, unconfirmed, lost }: CampaignReport): readonly string[] {
  return [
    ...doubts.flatMap((doubt) => labelled(outcome === 'broken' ? 'note' : 'why', doubt)),
    ...(lost === null
      ? []
      : labelled('note', `the campaign stopped at run ${grouped(lost)}, because the design did not finish that run`)),
    // On one line each, however long, so that they can be copied.
    ...[...new Set(unconfirmed.map(({ replay }) => replay))].map(
      (replay, index) => `  ${(index === 0 ? 'replay' : '').padEnd(8)}${replay}`,
    ),
  ];
}

/** `45 minutes`, `3.4 hours`, `12 days`. */
function lengthInWords(ms: number): string {
  const hours = ms / 3_600_000;
  if (hours < 2) return counted(Math.round(ms / 60_000), 'minute');
  if (hours < 48) return `${hours.toFixed(1)} hours`;
  return `${grouped(Math.round(hours / 24))} days`;
}

function foundBlock(found: Found, report: CampaignReport, colours: Colors): readonly string[] {
  const [finding, ...others] = found.findings;
  if (finding === undefined) return [];
  return [
    `${colours.red('✗')} ${colours.bold(`${report.design}: ${finding.title}`)}`,
    ...headline(finding).map((line) => `  ${colours.red(line)}`),
    ...(found.history === null ? [] : timeline(found.history, finding).map((line) => `    ${line}`)),
    ...explanation(finding),
    ...others.slice(0, MOST_OTHERS).flatMap((other) => labelled('also', headline(other).join(' '))),
    ...labelled('found', effortInWords(found)),
    ...(found.file === null ? [] : labelled('saved', found.file)),
    // On one line each, however long, so that they can be copied.
    ...found.replay.map((line, index) => `  ${(index === 0 ? 'replay' : '').padEnd(8)}${line}`),
  ];
}

/** One line each, in order of severity; the saved scenario has the rest. */
function foundTable(found: readonly Found[], colours: Colors): readonly string[] {
  if (found.length === 0) return [];
  const titleOf = ({ code, findings }: Found): string => findings[0]?.title ?? code;
  const width = Math.max(...found.map((each) => titleOf(each).length));
  return [
    ...found.map((each) => {
      const where = each.file ?? each.replay[0] ?? '';
      return `${colours.red('✗')} ${titleOf(each).padEnd(width)}  ${counted(each.steps, 'step').padEnd(8)}  ${where}`;
    }),
    '',
  ];
}

function effortInWords({ run, steps, stepsDrawn, played, complete, history }: Found): string {
  if (history === null) return `by run ${grouped(run)}`;
  const bound = complete ? '' : '; shrinking met its bound';
  return `by run ${grouped(run)}; ${counted(steps, 'step')}, shrunk from ${stepsDrawn} by playing ${grouped(played)} others${bound}`;
}

function lawLines({ laws, runs, found, unconfirmed }: CampaignReport): readonly string[] {
  // A law that some runs did not judge follows the others, with the reason.
  const named = (wanted: (law: CampaignLaw) => boolean): string => {
    const some = laws.filter(wanted);
    const judged = some.filter(({ notJudged }) => notJudged === 0).map(({ code }) => code);
    const partly = some
      .filter(({ notJudged }) => notJudged > 0)
      .map(
        ({ code, notJudged, reasons }) => `${code} (not judged in ${counted(notJudged, 'run')}: ${reasons.join('; ')})`,
      );
    return [...(judged.length === 0 ? [] : [judged.join(' ')]), ...partly].join(', ');
  };
  const isExpected = ({ code }: CampaignLaw): boolean => found.some((each) => each.code === code && each.expected);
  const all = laws.filter((law) => law.broken > 0).toSorted((a, b) => bySeverity(a.code, b.code));
  const inRuns = (some: readonly CampaignLaw[]): string =>
    some.map((law) => `${law.code} (${counted(law.broken, 'run')})`).join(', ');
  const isUnconfirmed = ({ code }: CampaignLaw): boolean => unconfirmed.some((each) => each.code === code);
  const broken = all.filter((law) => !isExpected(law) && !isUnconfirmed(law));
  const unrepeated = all.filter(isUnconfirmed);
  const expected = all.filter(isExpected);
  const kept = named(({ tested, broken: breaks }) => tested > 0 && breaks === 0);
  const isUnjudged = ({ tested, broken: breaks, notJudged }: CampaignLaw): boolean =>
    tested + breaks === 0 && notJudged > 0 && notJudged === runs;
  const untested = named((law) => law.tested + law.broken === 0 && !isUnjudged(law));
  return [
    ...(broken.length === 0 ? [] : [`broken: ${inRuns(broken)}`]),
    ...(expected.length === 0 ? [] : [`expected to break (declared by the design): ${inRuns(expected)}`]),
    ...(unrepeated.length === 0 ? [] : [`not repeated: ${inRuns(unrepeated)}`]),
    ...(kept === '' ? [] : [`kept: ${kept}`]),
    ...(untested === '' ? [] : [`not tested: ${untested}`]),
    ...laws.filter(isUnjudged).map(({ code, reasons }) => `${code} not judged: ${reasons.join('; ')}`),
  ];
}

function goalsInWords({ goals }: CampaignReport): string {
  const reached = goals.filter(({ count }) => count > 0).map(({ name, count }) => `${name} ${grouped(count)}`);
  const missed = goals.filter(({ count }) => count === 0).map(({ name }) => name);
  return [reached.join(', '), ...(missed.length === 0 ? [] : [`never: ${missed.join(', ')}`])]
    .filter((text) => text !== '')
    .join('; ');
}

function boundInWords(runs: number, bound: number): string {
  return `with 95 % confidence, fewer than ${percent(bound)} of such runs break anything (1 − 0.05^(1/${grouped(runs)}))`;
}

/** Two digits that count: `0.015 %`. */
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

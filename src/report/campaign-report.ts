/** What a campaign came to, as people read it: what broke and how to see it again, or how much was tried and what that bounds. */
import picocolors from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import type { History } from '../history/history.ts';
import type { Finding } from '../laws/finding.ts';
import { counted, grouped } from './counts.ts';
import { explanation, headline } from './finding-block.ts';
import { formatSeed } from './run-report.ts';
import { timeline } from './timeline.ts';
import { labelled } from './wrap.ts';

/** Everything that a campaign is told by. */
export interface CampaignReport {
  readonly design: string;
  readonly seed: number;
  readonly faults: readonly string[];
  /** How many runs were wanted; null where time alone set the end. */
  readonly wanted: number | null;
  readonly runs: number;
  readonly simulatedMs: number;
  readonly commands: number;
  readonly wallMs: number;
  readonly laws: readonly CampaignLaw[];
  readonly goals: readonly { readonly name: string; readonly count: number }[];
  /** The largest share of runs that break something, with 95 % confidence; null where one did. */
  readonly bound: number | null;
  readonly found: readonly Found[];
  /** Whether it was ended before its time. */
  readonly interrupted: boolean;
}

export interface CampaignLaw {
  readonly code: string;
  /** How often it was put to the test. */
  readonly tested: number;
  /** In how many runs it broke, and could not be judged. */
  readonly broken: number;
  readonly notJudged: number;
  readonly why: string | null;
}

export interface Found {
  readonly code: string;
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

/** Findings of other laws in the same counterexample that are told. */
const MOST_OTHERS = 3;

/** Ends with a line feed. */
export function campaignText(report: CampaignReport, colour: boolean): string {
  const colours = picocolors.createColors(colour);
  const lines = [
    ...report.found.flatMap((found) => [...foundBlock(found, report, colours), '']),
    verdict(report, colours),
    '',
    ...lawLines(report).flatMap((line, index) => labelled(index === 0 ? 'laws' : '', line)),
    ...labelled('reached', goalsInWords(report)),
    ...(report.bound === null ? [] : labelled('bound', boundInWords(report.runs, report.bound))),
    ...labelled('faults', report.faults.length === 0 ? 'none' : report.faults.join(', ')),
    ...labelled('seed', formatSeed(report.seed)),
  ];
  return `${lines.join('\n')}\n`;
}

function verdict(report: CampaignReport, colours: Colors): string {
  const { design, found, interrupted } = report;
  const effort = `${counted(report.runs, 'run')}, ${lengthInWords(report.simulatedMs)} of simulated time and ${counted(report.commands, 'command')} in ${(report.wallMs / 1000).toFixed(1)} s`;
  if (found.length > 0)
    return `${colours.red(`✗ ${design}: ${found.map(({ code }) => code).join(', ')} broke`)} in ${effort}`;
  if (report.runs === 0) return colours.yellow(`✗ ${design}: no run was played`);
  return `${colours.green(`✓ ${design}: nothing broke`)} in ${effort}${interrupted ? ', then it was ended' : ''}`;
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

function effortInWords({ run, steps, stepsDrawn, played, complete, history }: Found): string {
  if (history === null) return `by run ${grouped(run)}`;
  const bound = complete ? '' : '; the bound on making it smaller was met';
  return `by run ${grouped(run)}; ${counted(steps, 'step')}, minimised from ${stepsDrawn} by playing ${grouped(played)} others${bound}`;
}

function lawLines({ laws, runs }: CampaignReport): readonly string[] {
  const codes = (wanted: (law: CampaignLaw) => boolean): string =>
    laws
      .filter(wanted)
      .map(({ code }) => code)
      .join(' ');
  const kept = codes(({ tested, broken }) => tested > 0 && broken === 0);
  const untested = codes(({ tested, broken, notJudged }) => tested === 0 && broken === 0 && notJudged < runs);
  const unjudgeable = codes(({ notJudged }) => runs > 0 && notJudged === runs);
  const broken = laws.filter((law) => law.broken > 0).map((law) => `${law.code} (${counted(law.broken, 'run')})`);
  const doubtful = laws
    .filter((law) => law.notJudged > 0 && law.notJudged < runs)
    .map((law) => `${law.code} (${counted(law.notJudged, 'run')})`);
  return [
    ...(broken.length === 0 ? [] : [`broken: ${broken.join(', ')}`]),
    ...(kept === '' ? [] : [`kept wherever tested: ${kept}`]),
    ...(untested === '' ? [] : [`not put to the test: ${untested}`]),
    ...(unjudgeable === '' ? [] : [`cannot be judged on this design: ${unjudgeable}`]),
    ...(doubtful.length === 0 ? [] : [`could not be judged in some runs: ${doubtful.join(', ')}`]),
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

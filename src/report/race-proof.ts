/** What many races together showed: a proof, the table of mutants, a run without control. */
import picocolors from 'picocolors';
import type { History } from '../history/history.ts';
import type { Finding } from '../laws/finding.ts';
import { counted, grouped } from './counts.ts';
import { explanation, headline } from './finding-block.ts';
import { classesInWords, notJudgedLines } from './race-report.ts';
import { timeline } from './timeline.ts';
import { labelled, wrap, WIDTH } from './wrap.ts';

export interface ProofReport {
  readonly design: string;
  readonly where: string;
  /** `every pair and triple`. */
  readonly sizes: string;
  readonly cases: number;
  readonly schedules: number;
  readonly rawAtMost: number | null;
  readonly kept: readonly (readonly [string, number])[];
  /** Laws that no case tested, with the reason. */
  readonly notJudged: readonly (readonly [string, string])[];
  /** What was interleaved, in a sentence. */
  readonly granularity: string;
  readonly broken: number;
  /** Laws that the design declares to break, and in how many cases they broke. */
  readonly expected?: readonly (readonly [string, number])[];
  readonly inconclusive: number;
  readonly wallMs: number;
}

/** Ends with a line feed. */
export function proofText(proof: ProofReport, colour: boolean): string {
  const colours = picocolors.createColors(colour);
  const {
    design,
    where,
    sizes,
    cases,
    schedules,
    rawAtMost,
    kept,
    broken,
    expected = [],
    inconclusive,
    wallMs,
  } = proof;
  const holds = broken === 0 && inconclusive === 0;
  const mark = broken > 0 ? colours.red('✗') : holds ? colours.green('✓') : '?';
  const laws = kept.map(([law, n]) => `${law} ${grouped(n)}`).join(', ');
  const lines = [
    `${mark} ${colours.bold(`${design}: ${sizes} of calls, on every state of a seat`)}`,
    ...wrap(where, WIDTH - 2).map((line) => `  ${colours.dim(line)}`),
    ...labelled(
      'played',
      `${counted(schedules, 'order')} of ${counted(cases, 'case')}${classesInWords(rawAtMost)}; ${(wallMs / 1000).toFixed(1)} s`,
    ),
    ...labelled('kept', `${laws} (the number of cases that test each law)`),
    ...(holds
      ? labelled('proved', `no order of any of these calls breaks ${expected.length === 0 ? 'a' : 'another'} law`)
      : []),
    ...(broken > 0 ? labelled('broken', counted(broken, 'case')) : []),
    ...(expected.length === 0
      ? []
      : labelled(
          'note',
          `expected to break (declared by the design): ${expected.map(([law, n]) => `${law} in ${counted(n, 'case')}`).join(', ')}`,
        )),
    ...(inconclusive > 0
      ? [
          `  inconclusive: ${counted(inconclusive, 'case')}, in which a bound was met, a finding did not repeat, or no call succeeded`,
        ]
      : []),
    ...labelled('steps', proof.granularity),
    ...notJudgedLines(proof),
  ];
  return `${lines.join('\n')}\n`;
}

export interface MutantRow {
  readonly where: string;
  readonly guard: string;
  /** The race that caught it; null where none did. */
  readonly by: string | null;
  readonly laws: readonly string[];
  readonly schedules: number;
}

/** A row a guard, ended by a line feed. */
export function mutantTable(rows: readonly MutantRow[], colour: boolean): string {
  const colours = picocolors.createColors(colour);
  const heads = { where: 'where', guard: 'without', by: 'caught by', laws: 'breaks' };
  const width = (of: (row: typeof heads) => string): number =>
    Math.max(
      of(heads).length,
      ...rows.map((row) => of({ where: row.where, guard: row.guard, by: row.by ?? '', laws: '' }).length),
    );
  const [where, guard, by] = [width((row) => row.where), width((row) => row.guard), width((row) => row.by)];
  const line = (mark: string, row: typeof heads): string =>
    `${mark} ${row.where.padEnd(where)}  ${row.guard.padEnd(guard)}  ${row.by.padEnd(by)}  ${row.laws}`.trimEnd();
  const caught = rows.filter(({ by: race }) => race !== null).length;
  const lines = [
    line(' ', heads),
    ...rows.map((row) =>
      row.by === null
        ? line(colours.red('✗'), { ...row, by: 'no race', laws: `${grouped(row.schedules)} orders` })
        : line(colours.green('✓'), {
            ...row,
            by: row.by,
            laws: row.laws.length === 0 ? 'the call itself' : row.laws.join(' '),
          }),
    ),
    '',
    `${caught === rows.length ? colours.green('✓') : colours.red('✗')} ${caught} of ${counted(rows.length, 'guard')} missed by a race as soon as it is gone`,
  ];
  return `${lines.join('\n')}\n`;
}

export interface FreeReport {
  readonly design: string;
  readonly where: string;
  readonly what: string;
  readonly rounds: number;
  readonly calls: number;
  readonly outcomes: readonly (readonly [string, number])[];
  readonly broken: readonly (readonly [string, number])[];
  readonly findings: readonly { readonly finding: Finding; readonly history: History }[];
  readonly wallMs: number;
}

const MOST_FINDINGS = 3;

/** Ends with a line feed. */
export function freeText(report: FreeReport, colour: boolean): string {
  const colours = picocolors.createColors(colour);
  const { design, where, what, rounds, calls, outcomes, broken, findings, wallMs } = report;
  const bad = broken.length > 0;
  const lines = [
    `${bad ? colours.red('✗') : colours.green('✓')} ${colours.bold(`${design}: ${what}, without control`)}`,
    `  ${colours.dim(where)}`,
    '',
    ...findings
      .slice(0, MOST_FINDINGS)
      .flatMap(({ finding, history }) => [
        ...headline(finding).map((line) => `  ${colours.red(line)}`),
        ...timeline(history, finding).map((line) => `    ${line}`),
        ...explanation(finding),
        '',
      ]),
    ...labelled(
      'played',
      `${counted(rounds, 'round')} with ${counted(calls, 'call')} in ${(wallMs / 1000).toFixed(1)} s`,
    ),
    ...[...outcomes]
      .sort((a, b) => b[1] - a[1])
      .map(([outcome, n], i) => `  ${(i === 0 ? 'ended' : '').padEnd(8)}${grouped(n)} × ${outcome}`),
    ...labelled(
      bad ? 'broken' : 'note',
      bad
        ? broken.map(([law, n]) => `${law} in ${counted(n, 'round')}`).join(', ')
        : 'no law broke in these rounds, which proves nothing: race without --free for a proof',
    ),
  ];
  return `${lines.join('\n')}\n`;
}

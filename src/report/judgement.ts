/** The report on recorded histories: what each law says of each, and a timeline for what broke. */
import picocolors from 'picocolors';
import { unreachable } from '../core/unreachable.ts';
import type { History } from '../history/history.ts';
import type { Verdict } from '../laws/law.ts';
import { bySeverity } from '../laws/severity.ts';
import { counted } from './counts.ts';
import { explanation, headline } from './finding-block.ts';
import { asText, findingAsJson } from './json.ts';
import { timeline } from './timeline.ts';
import { labelled } from './wrap.ts';

export interface Judged {
  readonly file: string;
  readonly history: History;
  readonly verdicts: readonly Verdict[];
  /** Codes of laws that the design declares to break. */
  readonly breaks?: readonly string[];
}

/** Findings of one law that are drawn; the others are counted. */
const MOST_FINDINGS = 3;

/** Ends with a line feed. Of several histories, those in which nothing broke get a line each. */
export function judgementText(judged: readonly Judged[], colour: boolean): string {
  const colours = picocolors.createColors(colour);
  const lines = judged.flatMap((each) => {
    const { file, history, verdicts } = each;
    const isFinding = findingOf(each);
    if (judged.length > 1 && !verdicts.some(isFinding)) return [`${colours.green('✓')} ${file}: ${keptInWords(each)}`];
    const table = verdictTable(each, colours.red);
    const title = `  ${history.title}, on ${history.on}`;
    return [colours.bold(file), title, '', ...table, '', ...breaches(history, verdicts.filter(isFinding), colours.red)];
  });
  return `${[...lines, inShort(judged)].join('\n')}\n`;
}

function keptInWords({ verdicts }: Judged): string {
  const kept = verdicts.filter(({ outcome }) => outcome === 'kept');
  return `${kept.length} of ${verdicts.length} laws tested, and kept`;
}

function verdictTable(judged: Judged, mark: (text: string) => string): readonly string[] {
  const { verdicts } = judged;
  const isFinding = findingOf(judged);
  const width = Math.max(0, ...verdicts.map(({ code, name }) => `${code} ${name}`.length));
  return verdicts.map((verdict) => {
    const isExpected = isBroken(verdict) && !isFinding(verdict);
    const outcome = isExpected ? 'expected to break (declared by the design)' : outcomeInWords(verdict);
    const line = `  ${`${verdict.code} ${verdict.name}`.padEnd(width)}  ${outcome}`;
    return isFinding(verdict) ? mark(line) : line;
  });
}

/** The same for programs. */
export function judgementAsJson(judged: readonly Judged[]): string {
  return asText({
    seatproof: 'judgement',
    version: 1,
    histories: judged.map(({ file, history, verdicts, breaks = [] }) => ({
      file,
      title: history.title,
      on: history.on,
      laws: verdicts.map(({ code, name, outcome, tested, notJudged, findings }) => ({
        code,
        name,
        outcome,
        ...(breaks.includes(code) ? { declared: true } : {}),
        tested,
        not_judged: notJudged,
        findings: findings.map(findingAsJson),
      })),
    })),
  });
}

function outcomeInWords({ outcome, tested, notJudged, findings }: Verdict): string {
  switch (outcome) {
    case 'kept':
      return `✓ kept, ${counted(tested, 'test')}`;
    case 'broken':
      return `✗ broken, ${counted(findings.length, 'finding')} in ${counted(tested, 'test')}`;
    case 'untested':
      return 'not tested';
    case 'not-judged':
      return `not judged: ${notJudged ?? 'unknown reason'}`;
    default:
      return unreachable(outcome);
  }
}

function breaches(history: History, verdicts: readonly Verdict[], mark: (text: string) => string): readonly string[] {
  return verdicts.flatMap(({ code, findings }) => [
    ...findings
      .slice(0, MOST_FINDINGS)
      .flatMap((finding) => [
        ...headline(finding).map((line, index) => (index === 0 ? `${mark('✗')} ${mark(line)}` : `  ${mark(line)}`)),
        ...timeline(history, finding).map((line) => `    ${line}`),
        ...explanation(finding),
        '',
      ]),
    ...(findings.length > MOST_FINDINGS
      ? [...labelled('', `${findings.length - MOST_FINDINGS} more of ${code}`), '']
      : []),
  ]);
}

function inShort(judged: readonly Judged[]): string {
  const histories = judged.length === 1 ? 'this history' : `these ${judged.length} histories`;
  const broken = new Set(judged.flatMap((each) => each.verdicts.filter(findingOf(each)).map(({ code }) => code)));
  return broken.size === 0
    ? `✓ no law broke in ${histories}`
    : `✗ ${[...broken].sort(bySeverity).join(' ')} broke in ${histories}`;
}

/** Whether a verdict is a finding: a law that broke, and that the design does not declare to break. */
function findingOf({ breaks = [] }: Judged): (verdict: Verdict) => boolean {
  return (verdict) => isBroken(verdict) && !breaks.includes(verdict.code);
}

function isBroken({ outcome }: Verdict): boolean {
  return outcome === 'broken';
}

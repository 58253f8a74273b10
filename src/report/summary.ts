/** The end of a report: a screen that says how the whole run went, and what it says nothing about. */
import type { Colors } from 'picocolors/types.js';
import { counted, countsOf, grouped, groupsOf, leftOut, scenariosIn, type Counts } from './counts.ts';
import { lawsInWords, summariseLaws } from './law-table.ts';
import { warnedPolicies } from './policy-warnings.ts';
import { formatSeed, neverBroken, resultOf, resultOfRun, type Played, type RunReport } from './run-report.ts';
import { placeOf } from './finding-block.ts';
import { labelled } from './wrap.ts';

/** Groups that get a line each; more of them share the last line. */
const MOST_GROUPS = 8;

/** Warnings about policies that get a line each. */
const MOST_WARNINGS = 3;

export function summary(report: RunReport, colours: Colors): readonly string[] {
  const { played } = report;
  return [
    verdict(report, colours),
    ...neverBroken(played).flatMap((line) => labelled('why', line)),
    '',
    ...groupTable(report, colours),
    '',
    ...lawsInWords(summariseLaws(played)).flatMap((line, index) => labelled(index === 0 ? 'laws' : '', line)),
    ...reach(report).flatMap((line, index) => labelled(index === 0 ? 'reached' : '', line)),
    ...policyLines(played).flatMap((line, index) => labelled(index === 0 ? 'policy' : '', line)),
    ...labelled('played', effort(report)),
    ...[...notPlayed(report), ...skippedInWords(report)].flatMap((line) => labelled('skipped', line)),
    ...unjudgedInWords(played).flatMap((line) => labelled('note', line)),
    ...labelled('seed', formatSeed(report.seed)),
    ...(report.files.length === 0 ? [] : labelled('files', report.files.join(', '))),
  ];
}

/** `✓ 97 scenarios passed on the model and on PostgreSQL 18.4 (embedded) in 4.2 s`. */
function verdict({ played, targets, wallMs }: RunReport, colours: Colors): string {
  if (played.length === 0) return colours.yellow(`? no scenario was judged; each was skipped`);
  const where = `on ${targets.map(({ about }) => about).join(' and on ')} in ${inSeconds(wallMs)}`;
  const all = counted(scenariosIn(played), 'scenario');
  if (resultOf(played) !== 'failed' && resultOfRun(played) === 'failed') {
    return `${colours.red(`✗ ${all} passed, and a law that is declared to break did not`)}, played ${where}`;
  }
  const result = resultOf(played);
  if (result === 'passed') return `${colours.green(`✓ ${all} passed`)} ${where}`;
  const count = grouped(scenariosIn(played.filter((each) => each.result === result)));
  const mark = result === 'failed' ? colours.red : colours.yellow;
  return `${mark(`✗ ${count} of ${all} ${result}`)}, played ${where}`;
}

/** One line for each group, one column for each target. */
function groupTable({ played, targets }: RunReport, colours: Colors): readonly string[] {
  const groups = groupsOf(played);
  const named = groups.length > MOST_GROUPS + 1 ? groups.slice(0, MOST_GROUPS) : groups;
  const rows = named.map((group) => ({ name: group, played: played.filter((each) => each.group === group) }));
  const rest = played.filter(({ group }) => !named.includes(group));
  if (rest.length > 0) rows.push({ name: `${groups.length - named.length} others`, played: rest });
  const width = Math.max(6, ...rows.map(({ name }) => name.length)) + 2;
  const cell = (text: string): string => text.padEnd(26);
  const heading = `  ${' '.repeat(width)}${targets.map(({ name }) => cell(name)).join('')}`.trimEnd();
  const lines = rows.map((row) => {
    const cells = targets.map(({ name }) => inCell(countsOf(row.played.filter(({ on }) => on === name))));
    const line = `  ${row.name.padEnd(width)}${cells.map(cell).join('')}`.trimEnd();
    return resultOf(row.played) === 'failed' ? colours.red(line) : line;
  });
  return [colours.dim(heading), ...lines];
}

/** `12 ✓`, `11 ✓  1 ✗`, `10 ✓  2 inconclusive`. */
function inCell({ passed, failed, inconclusive }: Counts): string {
  const parts = [
    ...(passed > 0 ? [`${passed} ✓`] : []),
    ...(failed > 0 ? [`${failed} ✗`] : []),
    ...(inconclusive > 0 ? [`${inconclusive} inconclusive`] : []),
  ];
  return parts.length === 0 ? 'none' : parts.join('  ');
}

function reach({ goals }: RunReport): readonly string[] {
  const missed = goals.filter(({ count }) => count === 0);
  if (goals.length === 0) return [];
  const seen = `${goals.length - missed.length} of ${goals.length} situations that a whole suite should contain`;
  if (missed.length === 0) return [seen];
  return [`${seen}; nothing here tests these:`, ...missed.map(({ statement }) => `- ${statement}`)];
}

/** What is to be expected of the suite's own policies: the first few, so that the report fits a screen. */
function policyLines(played: readonly Played[]): readonly string[] {
  const lines = warnedPolicies(played).flatMap(({ name, warnings }) =>
    warnings.map(({ message }) => `${name}: ${message}`),
  );
  if (lines.length <= MOST_WARNINGS) return lines;
  return [
    ...lines.slice(0, MOST_WARNINGS - 1),
    `and ${lines.length - MOST_WARNINGS + 1} more warnings, in the JSON report`,
  ];
}

/** `132 orders, 4,120 commands on the model; 2,300 commands on postgres`. */
function effort({ played, targets }: RunReport): string {
  return targets
    .map(({ name }) => {
      const { orders, commands } = countsOf(played.filter((each: Played) => each.on === name));
      const runs = played.filter((each) => each.on === name).length;
      return `${orders === runs ? '' : `${counted(orders, 'order')}, `}${counted(commands, 'command')} on ${name}`;
    })
    .join('; ');
}

const NOT_ON: Readonly<Record<string, string>> = {
  model: 'a design in SQL runs on a Postgres only',
  postgres: 'the design runs in process, or the clock of the store is set back',
};

/** The scenarios that each target cannot play. */
function notPlayed({ played, targets }: RunReport): readonly string[] {
  return targets.flatMap(({ name }) => {
    const missing = leftOut(played, name);
    if (missing.length === 0) return [];
    const where = [...new Set(missing.map(({ file }) => file))].join(', ');
    return [
      `${counted(missing.length, 'scenario')} on ${name}, because ${NOT_ON[name] ?? 'it cannot play them'}: ${where}`,
    ];
  });
}

/** Scenarios with something that was not judged that get a line each; the JSON report has all of them. */
const MOST_UNJUDGED = 5;

function unjudgedInWords(played: readonly Played[]): readonly string[] {
  const lines = played.flatMap((each) => {
    const { title, unjudged = [] } = each;
    if (unjudged.length === 0) return [];
    const reasons = [...new Set(unjudged.map(({ why }) => why))].map((why) => {
      const what = unjudged.filter((other) => other.why === why).map((other) => other.what);
      return `${what.join(', ')}: ${why}`;
    });
    return [`not judged in '${title}' (${placeOf(each)}): ${reasons.join('; ')}`];
  });
  return lines.length <= MOST_UNJUDGED
    ? lines
    : [
        ...lines.slice(0, MOST_UNJUDGED - 1),
        `${lines.length - MOST_UNJUDGED + 1} more scenarios have parts that were not judged; the JSON report names them`,
      ];
}

/** Reasons that get a line each; the JSON report has all of them. */
const MOST_REASONS = 4;

/** Scenarios that were skipped for the same reason share a line. */
function skippedInWords({ skipped = [] }: RunReport): readonly string[] {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))];
  const lines = reasons.slice(0, MOST_REASONS).map((reason) => {
    const files = [...new Set(skipped.filter((each) => each.reason === reason).map(({ file }) => file))];
    const count = skipped.filter((each) => each.reason === reason).length;
    return `${counted(count, 'scenario')}: ${reason} (${files.slice(0, 2).join(', ')}${files.length > 2 ? ', …' : ''})`;
  });
  return reasons.length > MOST_REASONS
    ? [...lines, `${reasons.length - MOST_REASONS} more reasons, in the JSON report`]
    : lines;
}

/** `4.2 s`. */
function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** The report that programs read. Durations are in milliseconds and say so in their names; instants too. */
import type { Finding } from '../laws/finding.ts';
import { countsOf, groupsOf, scenariosIn } from './counts.ts';
import { doubtIn } from './finding-block.ts';
import { summariseLaws } from './law-table.ts';
import { warnedPolicies } from './policy-warnings.ts';
import { replayCommand } from './replay.ts';
import { formatSeed, neverBroken, resultOfRun, type Played, type RunReport } from './run-report.ts';
import { timeline } from './timeline.ts';

/** The version of this format. A change that an older reader would misread raises it. */
const REPORT_VERSION = 1;

/** Indented JSON, ended by a line feed. Histories are in files of their own, which it names. */
export function jsonReport(report: RunReport): string {
  const { played } = report;
  const unkept = neverBroken(played);
  return asText({
    seatproof: 'report',
    version: REPORT_VERSION,
    tool: report.tool,
    result: resultOfRun(played),
    ...(unkept.length === 0 ? {} : { declared_but_kept: unkept }),
    seed: formatSeed(report.seed),
    started_at: report.startedAt,
    wall_ms: Math.round(report.wallMs),
    targets: report.targets.map(({ name, about }) => ({ name, about })),
    counts: { scenarios: scenariosIn(played), ...countsOf(played) },
    groups: groupsOf(played).flatMap((group) =>
      report.targets.map(({ name }) => {
        const { passed, failed, inconclusive } = countsOf(
          played.filter((each) => each.group === group && each.on === name),
        );
        return { group, on: name, passed, failed, inconclusive };
      }),
    ),
    laws: lawsAsJson(played),
    reach_goals: report.goals,
    policies: warnedPolicies(played),
    scenarios: played.map((each) => scenarioAsJson(each, report)),
    skipped: report.skipped ?? [],
  });
}

/** The laws of a run, for JSON. */
function lawsAsJson(played: Parameters<typeof summariseLaws>[0]): readonly object[] {
  return summariseLaws(played).map(({ code, name, status, tested, brokenBy, notJudged }) => ({
    code,
    name,
    status,
    tested,
    broken_by: brokenBy,
    ...(notJudged === null ? {} : { not_judged: notJudged }),
  }));
}

export function findingAsJson({ kind, title, at, cause, message, why, fix, calls, place }: Finding): object {
  const where = { file: place?.file ?? null, line: place?.line ?? null };
  return { kind, title, at_ms: at, ...(cause === undefined ? {} : { cause }), message, why, fix, calls, ...where };
}

export function asText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function scenarioAsJson(played: Played, report: RunReport): object {
  const [finding] = played.findings;
  return {
    title: played.title,
    about: played.about,
    file: played.file,
    line: played.line,
    group: played.group,
    on: played.on,
    result: played.result,
    ...(played.result === 'inconclusive' ? { inconclusive: doubtIn(played) } : {}),
    proves: played.proves,
    breaks: played.breaks,
    ...(played.declared === undefined || played.declared.length === 0 ? {} : { declared: played.declared }),
    orders_played: played.orders.played,
    orders_total: played.orders.total,
    commands: played.commands,
    duration_ms: Number(played.durationMs.toFixed(3)),
    history: played.historyFile,
    laws: Object.fromEntries(played.verdicts.map(({ code, outcome, tested }) => [code, { outcome, tested }])),
    not_judged: played.unjudged ?? [],
    findings: played.findings.map(findingAsJson),
    ...(played.result === 'passed' ? {} : { replay: replayCommand(played, report) }),
    ...(finding === undefined ? {} : { timeline: timeline(played.history, finding) }),
  };
}

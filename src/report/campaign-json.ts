/** The result of a campaign, for programs. Durations are in milliseconds and say so in their names. */
import { findingAsJson, asText } from './json.ts';
import { formatSeed } from './run-report.ts';
import { timeline } from './timeline.ts';
import type { CampaignReport } from './campaign-report.ts';

/** Indented JSON, ended by a line feed. All findings are in it, the worst first. */
export function campaignAsJson(report: CampaignReport): string {
  return asText({
    seatproof: 'campaign',
    version: 1,
    outcome: report.outcome,
    inconclusive: report.doubts,
    declared_but_kept: report.unkept,
    design: report.design,
    seed: formatSeed(report.seed),
    faults: report.faults,
    granularity: report.granularity,
    runs_wanted: report.wanted,
    runs: report.runs,
    unfinished_run: report.lost,
    interrupted: report.interrupted,
    simulated_ms: report.simulatedMs,
    commands: report.commands,
    wall_ms: Math.round(report.wallMs),
    failing_share_below: report.bound,
    laws: report.laws.map(({ code, tested, broken, notJudged, reasons }) => ({
      code,
      tested,
      broken_runs: broken,
      not_judged_runs: notJudged,
      not_judged: reasons,
    })),
    reach_goals: report.goals,
    found: report.found.map((found) => {
      const [finding = null] = found.findings;
      return {
        code: found.code,
        expected: found.expected,
        run: found.run,
        steps: found.steps,
        steps_drawn: found.stepsDrawn,
        played: found.played,
        smallest: found.complete,
        file: found.file,
        replay: found.replay,
        findings: found.findings.map(findingAsJson),
        timeline: found.history === null ? [] : timeline(found.history, finding),
      };
    }),
    unconfirmed: report.unconfirmed,
  });
}

/** What races found, for programs. Durations are in milliseconds and say so in their names. */
import { asText, findingAsJson } from './json.ts';
import { doubtsOf, type RaceReport } from './race-report.ts';
import { scheduleLines } from './schedule.ts';

/** Indented JSON, ended by a line feed: one entry for each isolation level. */
export function racesAsJson(reports: readonly RaceReport[]): string {
  return asText({ seatproof: 'race', version: 1, races: reports.map(raceAsJson) });
}

function raceAsJson(report: RaceReport): object {
  const doubts = doubtsOf(report);
  return {
    outcome: report.broken.length > 0 ? 'broken' : doubts.length > 0 ? 'inconclusive' : 'proved',
    inconclusive: doubts,
    design: report.design,
    where: report.where,
    calls: report.calls,
    seat: report.seat,
    extra_steps: report.extras,
    granularity: report.granularity,
    orders: report.schedules,
    orders_at_most: report.rawAtMost,
    given_up: report.pruned,
    wall_ms: Math.round(report.wallMs),
    outcomes: report.outcomes.map(([ended, orders]) => ({ ended, orders })),
    laws: {
      broken: report.broken.map(([code, orders]) => ({ code, orders })),
      not_repeated: report.unrepeated.map(([code, orders]) => ({ code, orders })),
      expected_to_break: (report.expected ?? []).map(([code, orders]) => ({ code, orders })),
      declared_but_kept: report.declaredButKept ?? [],
      kept: report.kept,
      undecided: report.undecided,
      not_judged: report.notJudged.map(([code, reason]) => ({ code, reason })),
    },
    findings: report.findings.map(({ finding, drawing, also, alsoInTurn, confirmed, replay }) => ({
      ...findingAsJson(finding),
      also,
      also_sequentially: alsoInTurn,
      confirmed,
      schedule: scheduleLines({ ...drawing, probes: [] }),
      probes: drawing.probes,
      replay,
    })),
  };
}

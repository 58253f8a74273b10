/** What a race found, for programs. Instants and durations are in milliseconds and say so in their names. */
import { findingAsJson, asText } from './json.ts';
import { doubtsOf, type RaceFindingReport, type RaceReport } from './race-report.ts';
import type { ProofReport } from './race-proof.ts';
import { scheduleLines } from './schedule.ts';

/** Indented JSON, ended by a line feed: one race for each isolation level. */
export function racesAsJson(races: readonly RaceReport[]): string {
  return asText({ seatproof: 'race', version: 1, races: races.map(raceAsJson) });
}

/** The same of a proof, with the races that broke a law or were inconclusive. */
export function proofAsJson(proof: ProofReport, races: readonly RaceReport[]): string {
  return asText({
    seatproof: 'race-proof',
    version: 1,
    outcome: proof.broken > 0 ? 'broken' : proof.inconclusive > 0 ? 'inconclusive' : 'proved',
    design: proof.design,
    where: proof.where,
    sizes: proof.sizes,
    cases: proof.cases,
    expected: (proof.expected ?? []).map(([code, cases]) => ({ code, cases })),
    cases_broken: proof.broken,
    cases_inconclusive: proof.inconclusive,
    orders: proof.schedules,
    orders_at_most: proof.rawAtMost,
    laws: proof.kept.map(([code, tested]) => ({ code, cases: tested })),
    wall_ms: Math.round(proof.wallMs),
    races: races.map(raceAsJson),
  });
}

/** A saved schedule that was played again. `finding` is null where its law does not break any more. */
export function replayAsJson(law: string, finding: RaceFindingReport | null, expected: boolean): string {
  return asText({
    seatproof: 'race-replay',
    version: 1,
    outcome: finding === null ? 'passed' : expected ? 'expected' : 'broken',
    code: law,
    finding: finding === null ? null : raceFindingAsJson(finding),
  });
}

function raceAsJson(report: RaceReport): object {
  const { broken, expected = [], declaredButKept = [], unrepeated, notJudged = [] } = report;
  const inconclusive = doubtsOf(report);
  return {
    outcome: broken.length > 0 ? 'broken' : inconclusive.length > 0 ? 'inconclusive' : 'proved',
    inconclusive,
    declared_but_kept: declaredButKept,
    design: report.design,
    where: report.where,
    calls: report.calls,
    seat: report.seat,
    extras: report.extras,
    granularity: report.granularity,
    orders: report.schedules,
    orders_given_up: report.pruned,
    orders_at_most: report.rawAtMost,
    reduced: report.reduced,
    ended: report.outcomes.map(([outcome, orders]) => ({ outcome, orders })),
    laws: [
      ...broken.map(([code, orders]) => ({ code, outcome: 'broken', orders })),
      ...expected.map(([code, orders]) => ({ code, outcome: 'expected', orders })),
      ...unrepeated.map(([code, orders]) => ({ code, outcome: 'unrepeated', orders })),
      ...report.kept.map((code) => ({ code, outcome: 'kept' })),
      ...report.undecided.map((code) => ({ code, outcome: 'undecided' })),
      ...notJudged.map(([code, reason]) => ({ code, outcome: 'not-judged', not_judged: reason })),
    ],
    wall_ms: Math.round(report.wallMs),
    findings: report.findings.map(raceFindingAsJson),
  };
}

function raceFindingAsJson(found: RaceFindingReport): object {
  return {
    ...findingAsJson(found.finding),
    also: found.also,
    breaks_sequentially: found.alsoInTurn,
    confirmed: found.confirmed,
    drawing: scheduleLines(found.drawing),
    replay: found.replay,
  };
}

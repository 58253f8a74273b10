/** What an exhaustive search came to, for programs. Durations are in milliseconds and say so in their names. */
import { asText, findingAsJson } from './json.ts';
import type { SessionSearch, SolvedFigure } from './session-search.ts';

/** The version of these formats. A change that an older reader would misread raises it. */
const VERSION = 1;

/** Indented JSON, ended by a line feed. */
export function sessionSearchAsJson({
  design,
  exhaustion,
  abstracted,
  longest,
  played,
  expected = false,
}: SessionSearch): string {
  const { model, result, bound, doubt, states, distinct, depth, deadEnds, elapsed, threads, bytes, collision } =
    exhaustion;
  return asText({
    seatproof: 'exhaust',
    version: VERSION,
    design,
    model,
    result,
    expected,
    bound,
    inconclusive: doubt ?? null,
    states,
    distinct_states: distinct,
    depth,
    dead_ends: deadEnds,
    wall_ms: Math.round(elapsed),
    threads,
    memory_bytes: bytes,
    missed_probability_below: collision,
    laws: exhaustion.laws.map(({ name, outcome, largest, trace }) => ({
      name,
      outcome,
      largest,
      steps: trace === null ? null : trace.steps.map(({ description }) => description),
    })),
    longest: longest.map(({ what, lasts, isBounded, isKnown }) => ({
      what,
      lasts_ms: lasts,
      bounded: isBounded,
      every_state_searched: isKnown,
    })),
    assumes: abstracted,
    played:
      played === null
        ? null
        : {
            law: played.law,
            overlap_ms: played.overlap,
            finding: findingAsJson(played.finding),
            scenario: played.scenario,
            history: played.history,
            replay: played.replay,
          },
  });
}

export function solvedAsJson(design: string, { figure, found, unit, tried, isInconclusive }: SolvedFigure): string {
  return asText({
    seatproof: 'exhaust-solve',
    version: VERSION,
    design,
    figure,
    result: isInconclusive ? 'inconclusive' : found === null ? 'none' : 'found',
    found_ms: found,
    unit_ms: unit,
    tried: tried.map(({ value, holds }) => ({ value_ms: value, holds })),
  });
}

export function verifiedAsJson(certificate: string, differences: readonly string[]): string {
  return asText({
    seatproof: 'exhaust-verify',
    version: VERSION,
    certificate,
    same: differences.length === 0,
    differences,
  });
}

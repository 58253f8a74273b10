/** The report on heartbeats and timeouts for programs. Durations are in milliseconds and say so in their names; null is no limit. */
import { asText } from './json.ts';
import { formatSeed } from './run-report.ts';
import { agreement } from './tune-simulated.ts';
import type { TuneInterval, TuneReport, TuneRow, TuneSimulated } from './tune-report.ts';

/** The version of this format. A change that an older reader would misread raises it. */
const VERSION = 1;

export function tuneJson(report: TuneReport): string {
  const { choice, claims } = report;
  return asText({
    seatproof: 'tune',
    version: VERSION,
    tool: report.tool,
    seed: formatSeed(report.seed),
    again: report.again,
    conditions: Object.fromEntries(report.conditions),
    wishes: report.wishes,
    wishes_are_usual: report.wishesAreUsual,
    warnings: report.warnings,
    observed: report.observed,
    recommendation:
      choice.type === 'found'
        ? {
            result: 'found',
            ...rowAsJson(choice.chosen),
            candidates: choice.candidates,
            tightest: choice.tightest,
            neighbours: choice.neighbours.map(({ heartbeat, timeout, ...rest }) => ({
              heartbeat_ms: heartbeat,
              timeout_ms: timeout,
              ...rest,
            })),
          }
        : {
            result: 'none',
            relaxations: choice.relaxations.map(({ wishes, pair }) => ({ wishes, pair: rowAsJson(pair) })),
          },
    front: report.front.map(rowAsJson),
    grid: report.grid.map(rowAsJson),
    grid_is: report.approximations.length === 0 ? 'closed forms' : 'simulated',
    approximations: report.approximations,
    simulated: report.simulated.map(simulatedAsJson),
    claims: { before: rowAsJson(claims.before), after: rowAsJson(claims.after), claims: claims.claims },
  });
}

function rowAsJson(row: TuneRow): object {
  return {
    heartbeat_ms: row.heartbeat,
    timeout_ms: row.timeout,
    false_expiries_per_day: finite(row.falseExpiries),
    false_expiries_are_a_bound: row.isBound,
    between_mistakes_ms: finite(row.betweenMistakes),
    mistake_lasts_ms: row.mistakeLasts === null ? null : finite(row.mistakeLasts),
    misses_tolerated: row.missesTolerated,
    detection_mean_ms: finite(row.detection.mean),
    detection_p95_ms: finite(row.detection.p95),
    detection_max_ms: finite(row.detection.max),
    recovery_mean_ms: finite(row.recovery.mean),
    recovery_p95_ms: finite(row.recovery.p95),
    recovery_max_ms: finite(row.recovery.max),
    writes_per_second: finite(row.writes),
    bytes_per_second: finite(row.bytes),
    fence_ms: row.fence,
    fence_stops_per_day: finite(row.fenceStops),
    overlap_ms: finite(row.overlap),
    outage_least_ms: finite(row.outageLeast),
    outage_most_ms: finite(row.outageMost),
    wait_least_ms: finite(row.waitLeast),
    wait_most_ms: finite(row.waitMost),
    takeover_mean_ms: finite(row.takeoverMean),
    takeover_most_ms: finite(row.takeoverMost),
  };
}

function simulatedAsJson(each: TuneSimulated): object {
  return {
    heartbeat_ms: each.heartbeat,
    timeout_ms: each.timeout,
    method: each.method,
    heartbeats: each.heartbeats,
    false_expiries_per_day: intervalAsJson(each.falseExpiries),
    closed_form_per_day: finite(each.closed),
    agreement: agreement(each),
    mistake_lasts_ms: each.mistakeLasts === null ? null : intervalAsJson(each.mistakeLasts),
    fence_stops_per_day: each.fenceStops === null ? null : intervalAsJson(each.fenceStops),
    detection_mean_ms: intervalAsJson(each.detectionMean),
    detection_p95_ms: each.detectionP95 === null ? null : intervalAsJson(each.detectionP95),
  };
}

function intervalAsJson({ value, low, high }: TuneInterval): object {
  return { value: value === null ? null : finite(value), low: finite(low), high: finite(high) };
}

/** To six digits, which is more than any of these figures is known to; null for what has no limit. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}

/** The presets as a table: their figures, and beneath each what its figures do not keep. */
import type { Policy } from '../core/policy.ts';
import { formatDuration, type Duration } from '../core/time.ts';
import type { PolicyWarning } from '../core/validate-policy.ts';
import { asText } from './json.ts';
import { labelled, WIDTH, wrap } from './wrap.ts';

export interface Design {
  readonly about: string;
  readonly policy: Policy;
  readonly warnings: readonly PolicyWarning[];
}

type Column = readonly [heading: string, (policy: Policy) => string];

const COLUMNS: readonly Column[] = [
  ['design', ({ name }) => name],
  ['heartbeat', ({ heartbeat }) => inSeconds(heartbeat)],
  ['timeout', ({ timeout }) => inSeconds(timeout)],
  ['expires', ({ expiry }) => expiry],
  ['conflict', ({ onConflict }) => onConflict],
  ['own device', ({ sameDevice }) => sameDevice],
  ['late beat', ({ lateHeartbeat }) => lateHeartbeat],
  ['clean-up', ({ cleanUp }) => (cleanUp.type === 'lazy' ? 'lazy' : `every ${formatDuration(cleanUp.every)}`)],
  ['grace', ({ grace }) => `${grace.afterExpiry / 1000}/${grace.afterTakeover / 1000}s`],
  ['fence', ({ fence }) => (fence === null ? 'none' : inSeconds(fence))],
];

const LEGEND =
  'expires: at the timeout, or just after it; grace: the wait after an expiry / after a takeover; fence: when a client that hears nothing stops by itself';

/** At most 100 columns wide. Ends with a line feed. */
export function designTable(designs: readonly Design[]): string {
  const rows = designs.map(({ policy }) => COLUMNS.map(([, value]) => value(policy)));
  const widths = COLUMNS.map(([heading], column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const inColumns = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' ')
      .trimEnd();
  const lines = designs.flatMap(({ about, warnings }, index) => [
    '',
    inColumns(rows[index] ?? []),
    ...labelled('about', about),
    ...warnings.flatMap(({ message }, number) => labelled(number === 0 ? 'warns' : '', message)),
  ]);
  return `${[inColumns(COLUMNS.map(([heading]) => heading)), ...lines, '', ...wrap(LEGEND, WIDTH)].join('\n')}\n`;
}

/** Seconds throughout, so that a column can be compared at a glance. */
function inSeconds(duration: Duration): string {
  return `${duration / 1000}s`;
}

/** The same for programs: every value of every policy, durations in milliseconds. */
export function designsAsJson(designs: readonly Design[]): string {
  return asText({
    seatproof: 'designs',
    version: 1,
    designs: designs.map(({ about, policy: { name, ...policy }, warnings }) => ({
      name,
      about,
      scope: policy.scope,
      license_limit: policy.licenseLimit,
      heartbeat_ms: policy.heartbeat,
      timeout_ms: policy.timeout,
      expiry: policy.expiry,
      on_conflict: policy.onConflict,
      same_device: policy.sameDevice,
      late_heartbeat: policy.lateHeartbeat,
      clean_up: policy.cleanUp.type,
      clean_up_every_ms: policy.cleanUp.type === 'swept' ? policy.cleanUp.every : null,
      grace_after_expiry_ms: policy.grace.afterExpiry,
      grace_after_takeover_ms: policy.grace.afterTakeover,
      overlap_ms: policy.overlap,
      request_timeout_ms: policy.requestTimeout,
      retries: policy.retries,
      fence_ms: policy.fence,
      stop_time_ms: policy.stopTime,
      clock_drift: policy.clockDrift,
      warnings,
    })),
  });
}

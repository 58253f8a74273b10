/** S3's claims about its change from 60/30 to 40/20, and what the figures say. */
import { formatBytes, formatChange, formatNumber, formatTime } from '../core/quantity.ts';
import type { TuneClaims, TuneRow } from './tune-report.ts';
import { labelled } from './wrap.ts';

/** The figures of both, side by side: label, before, after, change. */
export function claimRows({ before, after }: TuneClaims): readonly (readonly [string, string, string, string])[] {
  const row = (
    label: string,
    of: (row: TuneRow) => number,
    format: (value: number) => string,
  ): readonly [string, string, string, string] => [
    label,
    format(of(before)),
    format(of(after)),
    formatChange(of(before), of(after)),
  ];
  return [
    row('heartbeat', ({ heartbeat }) => heartbeat, formatTime),
    row('timeout', ({ timeout }) => timeout, formatTime),
    row('crash detected, at most', ({ detection }) => detection.max, formatTime),
    row('crash detected, on average', ({ detection }) => detection.mean, formatTime),
    row('false expiries a device and day', ({ falseExpiries }) => falseExpiries, formatNumber),
    row('missed heartbeats tolerated', ({ missesTolerated }) => missesTolerated, String),
    row('writes of the fleet a second', ({ writes }) => writes, formatNumber),
    row('bytes of the fleet', ({ bytes }) => bytes, formatBytes),
  ];
}

export function claimsText(claims: TuneClaims): readonly string[] {
  const rows = [['', 'before', 'after', ''] as const, ...claimRows(claims)];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    '  S3 went from a heartbeat of 30s and a timeout of 60s to 20s and 40s. What it says of that,',
    '  on this network with clients as S3 has them, by timer, without retries and without a fence:',
    ...claims.claims.flatMap(({ claim, verdict, why }) => [
      ...labelled(verdict, claim, 4, 10),
      ...labelled('', why, 4, 10),
    ]),
    '',
    ...rows.map(([label, before, after, change]) =>
      `    ${label.padEnd(widths[0] ?? 0)}  ${before.padStart(widths[1] ?? 0)}  ${after.padStart(widths[2] ?? 0)}  ${change}`.trimEnd(),
    ),
  ];
}

/** What the reports on heartbeats and timeouts say in the same words on a terminal and on a page. */
import { formatNumber, formatTime } from '../core/quantity.ts';
import type { TuneDifference, TuneNeighbour, TuneRelaxed, TuneRow } from './tune-report.ts';

/** False expiries a day: `21.6`, or `less than 0.003` where only a bound is known. */
export function falseExpiriesText({ falseExpiries, isBound }: TuneRow): string {
  return `${isBound ? 'less than ' : ''}${formatNumber(falseExpiries)}`;
}

/** How often a healthy session is taken for dead, and for how long: `0.22 times a device and day, once in 4.6 days, for 547ms each`. */
export function mistakesText(row: TuneRow): string {
  if (row.falseExpiries === 0) return 'never';
  const each = row.mistakeLasts === null ? '' : `, for ${formatTime(row.mistakeLasts)} each`;
  return `${falseExpiriesText(row)} times a device and day, once in ${row.isBound ? 'more than ' : ''}${formatTime(row.betweenMistakes)}${each}`;
}

/** The same for a narrow column: `<0.003`. */
export function falseExpiriesCell({ falseExpiries, isBound }: TuneRow): string {
  return `${isBound ? '<' : ''}${formatNumber(falseExpiries)}`;
}

/** `recovery-max<=40s to recovery-max<=60s (+50 %)`. */
export function relaxedText({ wish, to, change }: TuneRelaxed): string {
  if (to === null) return `${wish}, to be left out because nothing keeps it`;
  return `${wish} to ${to}${change === '' ? '' : ` (${change})`}`;
}

/** What speaks against a neighbour, and what for it. */
export function neighbourText({ breaks, worse, better }: TuneNeighbour): string {
  const against =
    breaks.length + worse.length === 0
      ? 'no worse'
      : breaks.length > 0
        ? breaks.map(({ wish, value }) => `breaks ${wish} (${value})`).join(', ')
        : `worse in ${worse.map(differenceText).join(', ')}`;
  return better.length === 0 ? against : `${against}; better in ${better.map(differenceText).join(', ')}`;
}

function differenceText({ metric, from, to }: TuneDifference): string {
  return `${metric}: ${to} instead of ${from}`;
}

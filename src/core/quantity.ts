/** Measured figures as people read them: few digits, a unit that fits, and words where there is no number. Pure. */

/** Three significant digits: `21.6`, `0.0014`, `12,300`; below a ten-thousandth with an exponent: `2.9e-5`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'no limit' : 'unknown';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4) return value.toExponential(1);
  if (size < 1000) return String(Number(value.toPrecision(3)));
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A length of time in milliseconds, not necessarily whole: `547ms`, `39.1s`, `5.6 min`, `11.1 h`, `4.6 days`. */
export function formatTime(ms: number): string {
  if (!Number.isFinite(ms)) return 'without end';
  if (ms === 0) return '0s';
  if (ms < 999.5) return `${formatNumber(ms)}ms`;
  if (ms < 300_000) return `${formatNumber(ms / 1000)}s`;
  if (ms < 7_200_000) return `${formatNumber(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${formatNumber(ms / 3_600_000)} h`;
  if (ms < 730 * 86_400_000) return `${formatNumber(ms / 86_400_000)} days`;
  return `${formatNumber(ms / (365.25 * 86_400_000))} years`;
}

/** Bytes a second: `25 kB/s`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${formatNumber(bytes)} B/s`;
  return bytes < 1e6 ? `${formatNumber(bytes / 1000)} kB/s` : `${formatNumber(bytes / 1e6)} MB/s`;
}

/** The change from one figure to another: `+50 %`, `−33 %`, `the same`. */
export function formatChange(from: number, to: number): string {
  if (from === to) return 'the same';
  if (from === 0 || !Number.isFinite(from) || !Number.isFinite(to)) return '';
  const percent = Math.round((to / from - 1) * 100);
  if (to / from >= 10) return `×${formatNumber(to / from)}`;
  return percent === 0 ? 'about the same' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`;
}

export type Unit = 'per-day' | 'ms' | 'per-second' | 'bytes-per-second' | 'count';

export function formatAs(unit: Unit, value: number): string {
  switch (unit) {
    case 'per-day':
      return `${formatNumber(value)}/day`;
    case 'ms':
      return formatTime(value);
    case 'per-second':
      return `${formatNumber(value)}/s`;
    case 'bytes-per-second':
      return formatBytes(value);
    case 'count':
      return formatNumber(value);
  }
}

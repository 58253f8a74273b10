/** Several designs side by side: which laws each keeps, and its figures. */
import picocolors from 'picocolors';
import { asText } from './json.ts';
import { formatSeed } from './run-report.ts';

export interface Comparison {
  readonly seed: number;
  /** How many runs of a campaign each design was put through. */
  readonly runs: number;
  readonly laws: readonly { readonly code: string; readonly name: string }[];
  readonly designs: readonly ComparedDesign[];
}

export interface ComparedDesign {
  readonly name: string;
  /** By the code of the law. */
  readonly laws: Readonly<Record<string, ComparedLaw>>;
  /** How it failed as a service at all; empty for one that is none the worse. */
  readonly failures: readonly string[];
  /** The longest time that two devices were seen to work at once. */
  readonly worstOverlapMs: number;
  readonly recovery: { readonly mean: number; readonly p95: number; readonly max: number } | null;
  /** Null where it could not be measured. */
  readonly falseExpiriesPerDay: number | null;
  readonly writesPerSecond: number | null;
}

export type ComparedLaw =
  | { readonly outcome: 'kept' | 'untested' | 'not-judged' }
  /** `steps` of the shortest counterexample. */
  | { readonly outcome: 'broken'; readonly steps: number; /** Declared by the design. */ readonly expected?: true };

/** A column a design, a row a law. Ends with a line feed. */
export function comparisonText(comparison: Comparison, colour: boolean): string {
  const colours = picocolors.createColors(colour);
  const { designs, laws } = comparison;
  const rows: (readonly string[])[] = [
    ['', ...designs.map(({ name }) => name)],
    ...laws.map(({ code, name }) => [`${code} ${name}`, ...designs.map((design) => cell(design.laws[code]))]),
    ['fails as a service', ...designs.map(({ failures }) => (failures.length === 0 ? '' : failures.join(' ')))],
    ['worst overlap', ...designs.map(({ worstOverlapMs }) => seconds(worstOverlapMs))],
    ['recovery, mean', ...designs.map(({ recovery }) => (recovery === null ? 'never' : seconds(recovery.mean)))],
    ['recovery, p95', ...designs.map(({ recovery }) => (recovery === null ? 'never' : seconds(recovery.p95)))],
    ['recovery, most', ...designs.map(({ recovery }) => (recovery === null ? 'never' : seconds(recovery.max)))],
    ['false expiries a day', ...designs.map(({ falseExpiriesPerDay: rate }) => figure(rate))],
    ['writes a second', ...designs.map(({ writesPerSecond: rate }) => figure(rate))],
  ].filter((row) => row.some((text, index) => index > 0 && text !== ''));
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const painted = lines.map((line, index) =>
    index === 0 ? colours.bold(line) : line.replace(/✗ \d+/g, (text) => colours.red(text)),
  );
  return `${[...painted, '', ...legend(comparison)].join('\n')}\n`;
}

function legend({ runs, seed, designs }: Comparison): readonly string[] {
  const declared = designs.some(({ laws }) =>
    Object.values(laws).some((law) => law.outcome === 'broken' && law.expected === true),
  );
  return [
    `✗ 3: broken, and the shortest counterexample found has 3 steps; ✓ kept in ${runs} runs of a campaign;`,
    ...(declared ? ['! 3: the same, and the design declares that it breaks;'] : []),
    '- not tested; ? not judged, or broken in no replay. Overlap: the longest of those runs. Recovery: from a crash',
    'until another device, which tries each second, is let in. False expiries: of a healthy client, 1 % of whose',
    `requests are lost. Writes: statements that change a row, for 1,000 devices. Seed ${formatSeed(seed)}.`,
  ];
}

function cell(law: ComparedLaw | undefined): string {
  switch (law?.outcome) {
    case 'kept':
      return '✓';
    case 'broken':
      return law.expected === true ? `! ${law.steps}` : `✗ ${law.steps}`;
    case 'not-judged':
      return '?';
    case 'untested':
    case undefined:
      return '-';
  }
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))}s`;
}

function figure(value: number | null): string {
  return value === null ? '?' : String(Number(value.toPrecision(3)));
}

/** The same for programs. */
export function comparisonAsJson({ seed, runs, designs }: Comparison): string {
  return asText({
    seatproof: 'comparison',
    version: 1,
    seed: formatSeed(seed),
    runs,
    designs: designs.map((design) => ({
      name: design.name,
      laws: design.laws,
      failures: design.failures,
      worst_overlap_ms: design.worstOverlapMs,
      recovery_ms: design.recovery,
      false_expiries_per_day: design.falseExpiriesPerDay,
      writes_per_second_at_1000_devices: design.writesPerSecond,
    })),
  });
}

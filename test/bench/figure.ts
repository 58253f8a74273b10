/** One measured figure: several runs, of which the median is quoted, and whether it keeps what is promised. */

export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** What is promised, in the same unit; null where nothing is. */
  readonly promised: number | null;
  /** Whether larger or smaller is better. */
  readonly better: 'higher' | 'lower';
  readonly median: number;
  /** Whether the median is as good as promised, or better; null where nothing is promised. */
  readonly kept: boolean | null;
  /** In the order in which they were measured, after one run to warm up. */
  readonly runs: readonly number[];
}

type About = Pick<Figure, 'name' | 'unit' | 'promised' | 'better'>;

/** Measures `runs` times, after one run that does not count. */
export async function measure(about: About, runs: number, once: () => Promise<number>): Promise<Figure> {
  await once();
  const measured: number[] = [];
  for (let run = 0; run < runs; run++) measured.push(await once());
  return figureOf(about, measured);
}

/** The figure that these runs make. */
export function figureOf(about: About, runs: readonly number[]): Figure {
  const median = medianOf(runs);
  const { promised, better } = about;
  const kept = promised === null ? null : better === 'higher' ? median >= promised : median <= promised;
  return { ...about, median, kept, runs };
}

/** `✓ model: scenario steps played   81,234 steps/s (promised 50,000; 5 runs, 79,001 to 82,345)`. */
export function summary({ name, unit, promised, kept, median, runs }: Figure): string {
  const [least, most] = [Math.min(...runs), Math.max(...runs)];
  const mark = kept === null ? ' ' : kept ? '✓' : '✗';
  const promise = promised === null ? '' : `${kept === false ? 'MISSED: ' : ''}promised ${show(promised)}; `;
  return `${mark} ${name.padEnd(44)} ${show(median)} ${unit} (${promise}${runs.length} runs, ${show(least)} to ${show(most)})`;
}

/** What there is to say of promises that were missed; null where all were kept. */
export function missed(figures: readonly Figure[]): string | null {
  const names = figures.filter(({ kept }) => kept === false).map(({ name }) => `'${name}'`);
  if (names.length === 0) return null;
  return `${names.length} of ${figures.filter(({ kept }) => kept !== null).length} promises missed: ${names.join(', ')}; on a machine that does other work meanwhile, measure again`;
}

function show(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

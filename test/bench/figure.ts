/** One measured figure: several runs, of which the median is quoted. */

export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** What is promised, in the same unit; null where nothing is. */
  readonly promised: number | null;
  /** Whether larger or smaller is better. */
  readonly better: 'higher' | 'lower';
  readonly median: number;
  /** In the order in which they were measured, after one run to warm up. */
  readonly runs: readonly number[];
}

/** Measures `runs` times, after one run that does not count. */
export async function measure(
  about: Pick<Figure, 'name' | 'unit' | 'promised' | 'better'>,
  runs: number,
  once: () => Promise<number>,
): Promise<Figure> {
  await once();
  const measured: number[] = [];
  for (let run = 0; run < runs; run++) measured.push(await once());
  return { ...about, median: medianOf(measured), runs: measured };
}

/** `model: scenario steps played   81,234 steps/s (promised 50,000; 5 runs, 79,001 to 82,345)`. */
export function summary({ name, unit, promised, median, runs }: Figure): string {
  const [least, most] = [Math.min(...runs), Math.max(...runs)];
  return `${name.padEnd(44)} ${show(median)} ${unit} (${promised === null ? '' : `promised ${show(promised)}; `}${runs.length} runs, ${show(least)} to ${show(most)})`;
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

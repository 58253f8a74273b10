/** The files that counterexamples are saved in. */
import type { Counterexample } from '../search/campaign/counterexample.ts';
import type { ReportFile } from './output.ts';

/** One for each, in their order; null for one that cannot be written down. */
export function savedCounterexamples(
  counterexamples: readonly Counterexample[],
  design: string,
  seed: number,
): readonly (ReportFile | null)[] {
  return counterexamples.map(({ code, run, shown }) => {
    if (shown === null) return null;
    const name = `findings/${code}-${design.replace(/\W+/g, '-')}-${seed.toString(16)}-${run}.script.json`;
    return { name, text: `${JSON.stringify({ seatproof: 'script', design, code, script: shown.script }, null, 2)}\n` };
  });
}

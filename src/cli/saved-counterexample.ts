/** The scenario files that counterexamples are saved in: `seatproof run` fails on them for as long as they break what they broke. */
import path from 'node:path';
import { writeScenario, type Told } from '../scenario/write.ts';
import type { Counterexample } from '../search/campaign/counterexample.ts';
import { openDesign, type DesignSource } from '../search/campaign/design-source.ts';
import { formatSeed } from '../report/run-report.ts';
import type { ReportFile } from './output.ts';

/** Where they are, below the folder for reports. */
const FINDINGS = 'findings';

interface Saving {
  readonly source: DesignSource;
  readonly seed: number;
  /** The folder for reports. */
  readonly out: string;
}

/** One for each, in their order; null for one that could not be played to its end. */
export async function savedCounterexamples(
  counterexamples: readonly Counterexample[],
  { source, seed, out }: Saving,
): Promise<readonly (ReportFile | null)[]> {
  if (counterexamples.every(({ shown }) => shown === null)) return counterexamples.map(() => null);
  const design = await designIn(source, path.resolve(out, FINDINGS));
  const name = typeof design === 'string' ? design : (design?.design.name ?? '');
  return counterexamples.map(({ code, run, shown, findings }) => {
    const [finding] = findings;
    if (shown === null || finding === undefined) return null;
    const text = writeScenario(
      { ...shown.script, title: `${finding.title}, on ${name}` },
      {
        heading: `Found by a campaign, seed ${formatSeed(seed)}, run ${run}: breaks ${finding.title}.`,
        about: finding.message,
        proves: [],
        breaks: [],
        design,
      },
    );
    return { name: `${FINDINGS}/${code}-${name}-${seed.toString(16)}-${run}.scenario.ts`, text };
  });
}

async function designIn(source: DesignSource, folder: string): Promise<Told['design']> {
  if (source.type === 'named') return source.name;
  const from = path.relative(folder, source.file).split(path.sep).join('/');
  return { design: await openDesign(source), from: from.startsWith('.') ? from : `./${from}` };
}

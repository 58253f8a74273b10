/** The scenario files that counterexamples are saved in: `seatproof run` fails on them for as long as they break what they broke. */
import { writeScenario } from '../scenario/write.ts';
import type { Counterexample } from '../search/campaign/counterexample.ts';
import { formatSeed } from '../report/run-report.ts';
import type { ReportFile } from './output.ts';

/** One for each, in their order; null for one that could not be played to its end. */
export function savedCounterexamples(
  counterexamples: readonly Counterexample[],
  design: string,
  seed: number,
): readonly (ReportFile | null)[] {
  return counterexamples.map(({ code, run, shown, findings }) => {
    const [finding] = findings;
    if (shown === null || finding === undefined) return null;
    const text = writeScenario(
      { ...shown.script, title: `${finding.title}, on ${design}` },
      {
        heading: `Found by a campaign, seed ${formatSeed(seed)}, run ${run}: breaks ${finding.title}.`,
        about: finding.message,
        proves: [],
        breaks: [],
        design,
      },
    );
    const slug = design.replace(/\W+/g, '-');
    return { name: `findings/${code}-${slug}-${seed.toString(16)}-${run}.scenario.ts`, text };
  });
}

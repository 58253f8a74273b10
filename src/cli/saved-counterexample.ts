/** The scenario files that counterexamples are saved in: `seatproof run` fails on them for as long as they break what they broke. */
import path from 'node:path';
import type { Finding } from '../laws/finding.ts';
import { writeScenario, type Told } from '../scenario/write.ts';
import type { Counterexample } from '../search/campaign/counterexample.ts';
import { formatSeed } from '../report/run-report.ts';
import type { Script } from '../world/script.ts';
import type { OpenedDesign } from './design-flag.ts';
import type { ReportFile } from './output.ts';

/** Where they are, below the folder for reports. */
const FINDINGS = 'findings';

interface Saving {
  readonly opened: OpenedDesign;
  /** The folder for reports. */
  readonly out: string;
}

/** One for each, in their order; null for one that could not be played to its end. */
export function savedCounterexamples(
  counterexamples: readonly Counterexample[],
  { opened, seed, out }: Saving & { readonly seed: number },
): readonly (ReportFile | null)[] {
  if (counterexamples.every(({ shown }) => shown === null)) return counterexamples.map(() => null);
  const design = designIn(opened, out);
  return counterexamples.map(({ code, run, shown, findings }) => {
    const [finding] = findings;
    if (shown === null || finding === undefined) return null;
    const found = `by a campaign, seed ${formatSeed(seed)}, run ${run}`;
    return saved({ script: shown.script, finding, found, called: [code, `${seed.toString(16)}-${run}`] }, design);
  });
}

interface Broken {
  readonly script: Script;
  readonly finding: Finding;
  /** How it was found. */
  readonly found: string;
  /** What its file is called, before the name of the design and after it. */
  readonly called: readonly [string, string];
}

export function savedCounterexample(broken: Broken, { opened, out }: Saving): ReportFile {
  return saved(broken, designIn(opened, out));
}

function saved({ script, finding, found, called: [before, after] }: Broken, design: Told['design']): ReportFile {
  const name = typeof design === 'string' ? design : (design?.design.name ?? '');
  const text = writeScenario(
    { ...script, title: `${finding.title}, on ${name}` },
    {
      heading: `Found ${found}: breaks ${finding.title}.`,
      about: finding.message,
      proves: [],
      breaks: [],
      design,
    },
  );
  return { name: `${FINDINGS}/${before}-${name}-${after}.scenario.ts`, text };
}

/** As the files name it, which stand below the folder for reports. */
function designIn({ design, source }: OpenedDesign, out: string): Told['design'] {
  if (source.type === 'named') return source.name;
  const from = path.relative(path.resolve(out, FINDINGS), source.file).split(path.sep).join('/');
  return { design, from: from.startsWith('.') ? from : `./${from}` };
}

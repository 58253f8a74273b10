/** What `seatproof compare` does: a campaign and measurements for each design, and a table of all. */
import { availableParallelism } from 'node:os';
import { isEnvironmentError, isUsageError } from '../core/failures.ts';
import { DESIGNS } from '../designs/all.ts';
import { DEFECTS } from '../designs/defects/all.ts';
import { LAWS } from '../laws/all.ts';
import { comparisonAsJson, comparisonText, type ComparedDesign, type ComparedLaw } from '../report/comparison.ts';
import { campaign, type CampaignResult } from '../search/campaign/campaign.ts';
import { DEFAULT_FAULTS } from '../search/campaign/fault-kinds.ts';
import { beginThreads, type Threads } from '../search/campaign/threads.ts';
import { print, wantsColour } from './console.ts';
import { rejectSqlOnly, resolveDesign } from './design-flag.ts';
import { Bug, EXIT } from './failures.ts';
import { listenForInterrupts, type Interrupts } from './interrupts.ts';
import { openProgress, type Progress } from './progress.ts';
import { anySeed } from './seed.ts';

export interface CompareFlags {
  readonly runs: number;
  readonly seed?: number;
  readonly workers?: number;
  readonly json?: true;
  readonly color: boolean;
}

/** Returns the exit code. */
export async function runCompare(names: readonly string[], flags: CompareFlags): Promise<number> {
  const wanted = await Promise.all(
    (names.length > 0 ? [...new Set(names)] : systems()).map(async (name) => {
      const opened = await resolveDesign(name, 'compare');
      rejectSqlOnly(opened, 'compare', 'its figures are measured in simulated time alone');
      return { name, source: opened.source, breaks: opened.design.breaks };
    }),
  );
  const seed = flags.seed ?? anySeed();
  const size = Math.min(flags.workers ?? availableParallelism(), Math.ceil(flags.runs / 25));
  const compared: ComparedDesign[] = [];
  const interrupts = listenForInterrupts(() => `${compared.length} of ${wanted.length} designs were compared`);
  const progress = await openProgress();
  try {
    for (const { name, source, breaks } of wanted) {
      const crew = beginThreads({ source, server: null }, size);
      try {
        const about = `${name} (${compared.length + 1} of ${wanted.length})`;
        compared.push(await compareOne(name, crew, { seed, runs: flags.runs, breaks, about, progress, interrupts }));
      } finally {
        await crew.close();
      }
    }
  } catch (error) {
    interrupts.check();
    throw isUsageError(error) || isEnvironmentError(error) ? error : new Bug(error, null);
  } finally {
    progress.stop();
    interrupts.dispose();
  }
  const comparison = {
    seed,
    runs: flags.runs,
    laws: LAWS.map(({ code, name }) => ({ code, name })),
    designs: compared,
  };
  print(flags.json === true ? comparisonAsJson(comparison) : comparisonText(comparison, wantsColour(flags.color)));
  return EXIT.passed;
}

/** All designs that run in simulated time, without the named defects. */
function systems(): readonly string[] {
  const defects = new Set(DEFECTS.map(({ design }) => design.name));
  return DESIGNS.filter(({ name, serve }) => serve !== null && !defects.has(name)).map(({ name }) => name);
}

interface Comparing {
  readonly seed: number;
  readonly runs: number;
  /** Codes of laws that the design declares to break. */
  readonly breaks: readonly string[];
  readonly about: string;
  readonly progress: Progress;
  readonly interrupts: Interrupts;
}

async function compareOne(name: string, crew: Threads, comparing: Comparing): Promise<ComparedDesign> {
  const { seed, runs, breaks, about, progress, interrupts } = comparing;
  const draws = { seed, faults: DEFAULT_FAULTS, devices: null };
  const plan = { draws, first: 1, runs, untilBroken: false };
  const found = await interrupts.race(
    campaign(plan, crew, {
      onProgress: (tally) => progress.show(`${about}: ${tally.runs} of ${runs} runs`),
    }),
  );
  progress.show(`${about}: measuring`);
  const measures = await interrupts.race(crew.measure(seed));
  const codes = new Set(LAWS.map(({ code }) => code));
  return {
    name,
    laws: Object.fromEntries(LAWS.map(({ code }) => [code, lawOf(code, found, breaks)])),
    failures: [
      ...found.counterexamples.flatMap(({ code }) => (codes.has(code) ? [] : [code])),
      ...(found.tally.unsteady === null ? [] : ['not-deterministic']),
    ],
    worstOverlapMs: found.tally.worstOverlapMs,
    recovery: measures?.recovery ?? null,
    falseExpiriesPerDay: measures?.falseExpiriesPerDay ?? null,
    writesPerSecond: measures?.writesPerSecond ?? null,
  };
}

function lawOf(code: string, { tally, counterexamples }: CampaignResult, breaks: readonly string[]): ComparedLaw {
  const lengths = counterexamples
    .filter(({ findings }) => findings.some(({ title }) => title.startsWith(`${code} `)))
    .flatMap(({ shown }) => (shown === null ? [] : [shown.script.steps.length]));
  if (lengths.length > 0) {
    const steps = Math.min(...lengths);
    return breaks.includes(code) ? { outcome: 'broken', steps, expected: true } : { outcome: 'broken', steps };
  }
  const law = tally.laws[code];
  // What broke in a run and in no replay leaves the law open.
  if (law !== undefined && law.broken === 0 && law.tested > 0) return { outcome: 'kept' };
  return { outcome: law !== undefined && law.notJudged + law.tested > 0 ? 'not-judged' : 'untested' };
}

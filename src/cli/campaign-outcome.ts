/** The result of a campaign, in the form that reports are made of. */
import { LAWS } from '../laws/all.ts';
import { REACH_GOALS } from '../laws/reach.ts';
import { bySeverity } from '../laws/severity.ts';
import { counted, grouped } from '../report/counts.ts';
import type { CampaignReport, Found, Unconfirmed } from '../report/campaign-report.ts';
import { failureBound } from '../search/campaign/bound.ts';
import type { CampaignPlan, CampaignResult } from '../search/campaign/campaign.ts';
import type { Counterexample, Unrepeated } from '../search/campaign/counterexample.ts';
import type { Tally } from '../search/campaign/tally.ts';
import { COMMAND } from './package.ts';

interface Outcome {
  readonly flags: { readonly design: string };
  /** Codes of laws that the design declares to break. */
  readonly breaks: readonly string[];
  readonly plan: CampaignPlan;
  readonly wanted: number | null;
  readonly result: CampaignResult;
  /** Where each counterexample was saved. */
  readonly files: readonly (string | null)[];
  /** The command line that leads to the same runs again. */
  readonly command: string;
  readonly interrupted: boolean;
  readonly wallMs: number;
}

export function campaignReportOf({
  flags,
  breaks,
  plan,
  wanted,
  result,
  files,
  command,
  ...rest
}: Outcome): CampaignReport {
  const { tally, counterexamples } = result;
  const unconfirmed = unconfirmedIn(result, command);
  const doubts = [...unconfirmed.map(({ message }) => message), ...unreplayedIn(result), ...doubtsAbout(tally)];
  // One run, or an interrupted campaign, need not have come to what breaks.
  const unkept = rest.interrupted || plan.runs === 1 ? [] : neverBroken(breaks, tally);
  const isUnexpected = ({ code }: Counterexample): boolean => !breaks.includes(code);
  const isBroken = counterexamples.some(isUnexpected) || unkept.length > 0;
  const outcome = isBroken ? 'broken' : doubts.length > 0 ? 'inconclusive' : 'passed';
  return {
    ...rest,
    outcome,
    doubts,
    unkept,
    design: flags.design,
    seed: plan.draws.seed,
    faults: plan.draws.faults,
    wanted,
    runs: tally.runs,
    lost: tally.lost,
    granularity: tally.granularity,
    race: tally.granularity === 'request' ? `${COMMAND} race --design ${flags.design}` : null,
    simulatedMs: tally.simulatedMs,
    commands: tally.commands,
    laws: LAWS.map(({ code }) => ({
      code,
      ...(tally.laws[code] ?? { broken: 0, tested: 0, notJudged: 0, reasons: [] }),
    })),
    goals: REACH_GOALS.map(({ name }) => ({ name, count: tally.goals[name] ?? 0 })),
    bound: outcome === 'passed' && counterexamples.length === 0 ? failureBound(tally.runs) : null,
    found: counterexamples.map((each, index) => ({
      ...foundOf(each, files[index] ?? null, command),
      expected: !isUnexpected(each),
    })),
    unconfirmed,
  };
}

/** Laws that the design declares to break, and that were tested and kept. */
function neverBroken(breaks: readonly string[], { laws }: Tally): readonly string[] {
  return breaks.flatMap((code) => {
    const { tested, broken } = laws[code] ?? { tested: 0, broken: 0 };
    if (tested === 0 || broken > 0) return [];
    return [`${code} is declared to break, but ${counted(tested, 'test')} kept it; remove it from breaks`];
  });
}

/** What broke in a run and in no replay. */
function unconfirmedIn({ tally, unrepeated }: CampaignResult, command: string): readonly Unconfirmed[] {
  return unrepeated.map(({ code, run, in: where }) => ({
    code,
    runs: tally.broken[code]?.runs ?? 0,
    message: `${nameOf(code)} broke in run ${grouped(run)} and did not break again when that run was replayed${BY_ITSELF[where]}`,
    replay: `${command} --run ${run}`,
  }));
}

const BY_ITSELF: Readonly<Record<Unrepeated['in'], string>> = {
  thread: '',
  'new-thread':
    ' in a new thread; it broke only after other runs in the same thread, so the service probably keeps state outside of serve(), for example in a variable of its module: create that state within serve()',
};

/** What broke in a run that was not replayed, because an interruption came first. */
function unreplayedIn({ tally, counterexamples, unrepeated }: CampaignResult): readonly string[] {
  const replayed = new Set([...counterexamples, ...unrepeated].map(({ code }) => code));
  const left = Object.entries(tally.broken)
    .filter(([code]) => !replayed.has(code))
    .sort(([a], [b]) => bySeverity(a, b))
    .map(([code, { first }]) => `${code} (run ${grouped(first[0] ?? 0)})`);
  return left.length === 0 ? [] : [`broken in a run that was not replayed: ${left.join(', ')}`];
}

function nameOf(code: string): string {
  const law = LAWS.find((known) => known.code === code);
  return law === undefined ? `'${code}'` : `${code} ${law.name}`;
}

/** Why these runs prove nothing, although nothing broke in them. */
function doubtsAbout({ runs, unsteady, laws, commands, succeeded }: Tally): readonly string[] {
  if (runs === 0) return ['no run was played'];
  return [
    unsteady !== null &&
      `the design is not deterministic: run ${grouped(unsteady)}, replayed, took another course; take the time and random numbers from the arguments of serve (storeNow, now, random), and keep no state outside of serve`,
    Object.values(laws).every(({ tested }) => tested === 0) && 'no law was tested',
    succeeded === 0 && `no command succeeded: of ${grouped(commands)}, each was answered 'failed' or not at all`,
  ].filter((doubt) => doubt !== false);
}

function foundOf(each: Counterexample, file: string | null, command: string): Omit<Found, 'expected'> {
  const { code, run, shown, played, complete, findings } = each;
  return {
    code,
    run,
    history: shown?.history ?? null,
    steps: shown?.script.steps.length ?? 0,
    stepsDrawn: shown?.stepsDrawn ?? 0,
    played,
    complete,
    findings,
    file,
    replay: [...(file === null ? [] : [`${COMMAND} run ${file}`]), `${command} --run ${run}`],
  };
}

/** What a campaign came to, in the form that reports are made of. */
import { LAWS } from '../laws/all.ts';
import { REACH_GOALS } from '../laws/reach.ts';
import type { CampaignReport, Found } from '../report/campaign-report.ts';
import { failureBound } from '../search/campaign/bound.ts';
import type { CampaignPlan, CampaignResult } from '../search/campaign/campaign.ts';
import type { Counterexample } from '../search/campaign/counterexample.ts';
import { COMMAND } from './package.ts';

interface Outcome {
  readonly flags: { readonly design: string };
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

export function campaignReportOf({ flags, plan, wanted, result, files, command, ...rest }: Outcome): CampaignReport {
  const { tally, counterexamples } = result;
  return {
    ...rest,
    design: flags.design,
    seed: plan.draws.seed,
    faults: plan.draws.faults,
    wanted,
    runs: tally.runs,
    simulatedMs: tally.simulatedMs,
    commands: tally.commands,
    laws: LAWS.map(({ code }) => ({
      code,
      ...(tally.laws[code] ?? { tested: 0, notJudged: 0, why: null }),
      broken: tally.broken[code]?.runs ?? 0,
    })),
    goals: REACH_GOALS.map(({ name }) => ({ name, count: tally.goals[name] ?? 0 })),
    bound: Object.keys(tally.broken).length > 0 || tally.runs === 0 ? null : failureBound(tally.runs),
    found: counterexamples.map((each, index) => foundOf(each, files[index] ?? null, command)),
  };
}

/** Whether the runs say nothing, because there were none. */
export function isInconclusive({ runs }: CampaignReport): boolean {
  return runs === 0;
}

function foundOf(each: Counterexample, file: string | null, command: string): Found {
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

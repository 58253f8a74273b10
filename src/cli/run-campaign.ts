/** What `seatproof campaign` does: plays runs on all cores, prints what they came to, and saves what breaks. */
import { availableParallelism } from 'node:os';
import type { Duration } from '../core/time.ts';
import { isEnvironmentError, isUsageError } from '../core/failures.ts';
import { campaignAsJson } from '../report/campaign-json.ts';
import { campaignText, type CampaignReport } from '../report/campaign-report.ts';
import { grouped } from '../report/counts.ts';
import { formatSeed } from '../report/run-report.ts';
import { campaign, worstFirst, type CampaignPlan, type CampaignResult } from '../search/campaign/campaign.ts';
import type { Replayed } from '../search/campaign/counterexample.ts';
import { DEFAULT_FAULTS, type FaultName } from '../search/campaign/fault-kinds.ts';
import { MOST_DEVICES } from '../search/campaign/setting.ts';
import { beginThreads } from '../search/campaign/threads.ts';
import { emptyTally, type Tally } from '../search/campaign/tally.ts';
import { campaignReportOf } from './campaign-outcome.ts';
import { kindOf } from '../designs/design.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { print, wantsColour } from './console.ts';
import { resolveDesign, serverFor } from './design-flag.ts';
import { Bug, EXIT } from './failures.ts';
import { Interrupted, listenForInterrupts } from './interrupts.ts';
import { wrongUsage } from './options.ts';
import { openReportFolder } from './output.ts';
import { COMMAND } from './package.ts';
import { openProgress } from './progress.ts';
import { savedCounterexamples } from './saved-counterexample.ts';
import { anySeed } from './seed.ts';

export interface CampaignFlags {
  readonly design: string;
  readonly runs?: number;
  readonly seed?: number;
  readonly run?: number;
  readonly for?: Duration;
  readonly faults: readonly FaultName[];
  readonly devices?: number;
  readonly workers?: number;
  /** Absent: embedded, where the design needs one. */
  readonly postgres?: string;
  readonly bail?: true;
  readonly out: string;
  readonly json?: true;
  readonly color: boolean;
}

const DEFAULT_RUNS = 10_000;
/** Statements on a real server take about a hundred times as long as simulated ones. */
const DEFAULT_RUNS_ON_DATABASE = 1_000;

const CODES: Readonly<Record<CampaignReport['outcome'], number>> = {
  passed: EXIT.passed,
  broken: EXIT.finding,
  inconclusive: EXIT.inconclusive,
};

/** Returns the exit code. */
export async function runCampaign(flags: CampaignFlags): Promise<number> {
  const opened = await resolveDesign(flags.design, 'campaign');
  const defaultRuns = kindOf(opened.design) === 'sql' ? DEFAULT_RUNS_ON_DATABASE : DEFAULT_RUNS;
  const plan = { ...planOf(flags, defaultRuns), expected: opened.design.breaks };
  const wanted = flags.run === undefined && flags.runs === undefined && flags.for !== undefined ? null : plan.runs;
  const command = commandLine(flags, plan);
  let seen = emptyTally();
  const replayed: Replayed[] = [];
  const interrupts = listenForInterrupts(() => (flags.json === true ? '' : soFar(seen, replayed)));
  const folder = await openReportFolder(flags.out);
  const progress = await openProgress();
  const server = await serverFor(opened, flags.postgres, 'campaign');
  const crew = beginThreads(
    { source: opened.source, server: server === null ? null : plain(server) },
    Math.min(flags.workers ?? availableParallelism(), Math.ceil(plan.runs / 25)),
  );
  const begun = performance.now();
  /** Saves what was found and prints the report. */
  const conclude = async (result: CampaignResult, interrupted: boolean): Promise<CampaignReport> => {
    progress.stop();
    const wallMs = performance.now() - begun;
    const saved = savedCounterexamples(result.counterexamples, {
      opened,
      seed: plan.draws.seed,
      out: flags.out,
    });
    await folder.add(saved.flatMap((file) => file ?? []));
    const files = saved.map((file) => (file === null ? null : `${flags.out}/${file.name}`));
    const report = campaignReportOf({
      flags,
      breaks: opened.design.breaks,
      plan,
      wanted,
      result,
      files,
      command,
      interrupted,
      wallMs,
    });
    print(flags.json === true ? campaignAsJson(report) : campaignText(report, wantsColour(flags.color)));
    return report;
  };
  try {
    const result = await interrupts.race(
      campaign(plan, crew, {
        onProgress(tally) {
          seen = tally;
          progress.show(progressText(tally, plan.runs, performance.now() - begun, flags.for ?? null));
        },
        isOver: () => flags.for !== undefined && performance.now() - begun >= flags.for,
        onShrinking: (code, number, total) => progress.show(`shrinking ${code}, ${number} of ${total}`),
        onReplayed: (one) => replayed.push(one),
      }),
    );
    return CODES[(await conclude(result, false)).outcome];
  } catch (error) {
    if (error instanceof Interrupted) {
      await conclude({ tally: seen, ...worstFirst(replayed) }, true);
      throw error;
    }
    throw isUsageError(error) || isEnvironmentError(error) ? error : new Bug(error, command);
  } finally {
    progress.stop();
    interrupts.dispose();
    await crew.close();
    await server?.close();
  }
}

/** What worker threads can be sent of a server. */
function plain({ kind, version, url, runsHere }: PostgresServer): Omit<PostgresServer, 'close'> {
  return { kind, version, url, runsHere };
}

function planOf(flags: CampaignFlags, defaultRuns: number): CampaignPlan {
  const { run, runs, devices = null } = flags;
  if (run !== undefined && (runs !== undefined || flags.for !== undefined)) {
    throw wrongUsage('--run is one run, so --runs and --for say nothing', 'seatproof campaign --seed 7 --run 5');
  }
  if (run !== undefined && flags.seed === undefined) {
    throw wrongUsage('--run needs the seed that it was a run of', `seatproof campaign --seed 7 --run ${run}`);
  }
  if (devices !== null && devices > MOST_DEVICES) {
    throw wrongUsage(`--devices: at most ${MOST_DEVICES} take part`, `seatproof campaign --devices ${MOST_DEVICES}`);
  }
  const draws = { seed: flags.seed ?? anySeed(), faults: flags.faults, devices };
  const untilBroken = flags.bail === true;
  if (run !== undefined) return { draws, first: run, runs: 1, untilBroken };
  const endless = flags.for === undefined ? defaultRuns : Number.MAX_SAFE_INTEGER;
  return { draws, first: 1, runs: runs ?? endless, untilBroken };
}

/** What leads to the same runs again, without what says how many. */
function commandLine(flags: CampaignFlags, { draws }: CampaignPlan): string {
  const all = flags.faults.length === 0 ? ' --faults none' : ` --faults ${flags.faults.join(',')}`;
  return [
    `${COMMAND} campaign --design ${flags.design} --seed ${formatSeed(draws.seed)}`,
    flags.faults.join() === DEFAULT_FAULTS.join() ? '' : all,
    draws.devices === null ? '' : ` --devices ${draws.devices}`,
    flags.postgres === 'container' ? ' --postgres container' : '',
  ].join('');
}

function soFar({ runs, broken }: Tally, replayed: readonly Replayed[]): string {
  const shrunk =
    replayed.length === 0 ? '' : `, ${replayed.length} of ${Object.keys(broken).length} findings were shrunk`;
  return `${runs} runs were played${shrunk}`;
}

/** `1,250 of 10,000 runs, 812 a second, 11 s left`. */
function progressText({ runs }: Tally, wanted: number, passedMs: number, forMs: number | null): string {
  const rate = runs / (passedMs / 1000);
  const left = Math.min((wanted - runs) / rate, forMs === null ? Infinity : (forMs - passedMs) / 1000);
  const of = wanted === Number.MAX_SAFE_INTEGER ? '' : ` of ${grouped(wanted)}`;
  return `${grouped(runs)}${of} runs, ${grouped(Math.round(rate))} a second, ${Math.max(0, Math.ceil(left))} s left`;
}

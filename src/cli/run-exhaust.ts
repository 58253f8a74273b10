/** What `seatproof exhaust` does: searches, plays what it finds again in the world, and reports. */
import { isEnvironmentError, isUsageError } from '../core/failures.ts';
import type { Duration } from '../core/time.ts';
import { hasRequest, type Design } from '../designs/design.ts';
import { encodeHistory } from '../history/codec.ts';
import { exhaustionProgressText, type Exhaustion } from '../report/exhaustion.ts';
import { sessionSearchAsJson, solvedAsJson, verifiedAsJson } from '../report/exhaust-json.ts';
import {
  sessionSearchText,
  solvedText,
  verifiedText,
  type LongestLasting,
  type PlayedAgain,
} from '../report/session-search.ts';
import { openDesign } from '../scenario/design-source.ts';
import {
  allowedBy,
  breachIn,
  checkSessions,
  measureSessions,
  type SessionCheck,
  type SessionOptions,
} from '../search/exhaust/session/check.ts';
import { NoInstants, replay, type Replayed } from '../search/exhaust/session/replay/replay.ts';
import type { FaultKind } from '../search/exhaust/session/faults.ts';
import { CODE_OF } from '../search/exhaust/session/session-model.ts';
import type { Figures } from '../search/exhaust/session/source.ts';
import { solve } from '../search/exhaust/session/solve.ts';
import { certificateOf, designOfCertificate, differences, openCertificate, readCertificate } from './certificate.ts';
import { print, printError } from './console.ts';
import { rejectSqlOnly, resolveDesign, type OpenedDesign } from './design-flag.ts';
import { EXIT } from './failures.ts';
import { listenForInterrupts, type Interrupts } from './interrupts.ts';
import { withItsRequests } from '../world/requests.ts';
import { wrongUsage } from './options.ts';
import { openReportFolder, type ReportFile, type ReportFolder } from './output.ts';
import { COMMAND } from './package.ts';
import { openProgress, type Progress } from './progress.ts';
import { savedCounterexample } from './saved-counterexample.ts';

export interface ExhaustFlags {
  readonly design: string;
  readonly devices: number;
  readonly launcher?: boolean;
  readonly symbols: number;
  readonly faults: number;
  readonly kinds: readonly FaultKind[];
  readonly unit?: Duration;
  readonly latency?: Duration;
  readonly drift?: number;
  readonly allow?: Duration;
  readonly measure?: boolean;
  readonly solve?: keyof Figures;
  readonly maxStates: number;
  readonly maxMemory: number;
  readonly maxTime: Duration;
  readonly certificate?: string;
  readonly verify?: string;
  readonly out: string;
  readonly json?: true;
}

const CODES = { proved: EXIT.passed, broken: EXIT.finding, inconclusive: EXIT.inconclusive } as const;

/** Returns the exit code. */
export async function runExhaust(flags: ExhaustFlags): Promise<number> {
  const interrupts = listenForInterrupts(() => 'nothing was written');
  const progress = await openProgress();
  try {
    const given = optionsOf(flags, interrupts, progress);
    if (flags.verify !== undefined) return await verify(flags.verify, given, flags, progress);
    const opened = await resolveDesign(flags.design, 'exhaust');
    rejectUnsearchable({ ...opened, design: await withItsRequests(opened.design) });
    const options = { ...given, source: opened.source };
    return flags.solve === undefined
      ? await check(opened, options, flags, progress)
      : await findEdge(opened, options, flags.solve, flags, progress);
  } catch (error) {
    interrupts.check();
    throw error;
  } finally {
    progress.stop();
    interrupts.dispose();
  }
}

function optionsOf(flags: ExhaustFlags, interrupts: Interrupts, progress: Progress): SessionOptions {
  return {
    devices: flags.devices,
    launcher: flags.launcher ?? false,
    symbols: flags.symbols,
    faults: flags.faults,
    kinds: flags.kinds,
    unit: flags.unit ?? null,
    latency: flags.latency ?? null,
    drift: flags.drift ?? null,
    allowed: flags.allow ?? null,
    bounds: { maxStates: flags.maxStates, maxMemory: flags.maxMemory * 2 ** 20, maxTime: flags.maxTime },
    onProgress(at) {
      interrupts.check();
      progress.show(exhaustionProgressText(at));
    },
  };
}

/** Throws `UsageError` for a design whose states cannot be searched. */
function rejectUnsearchable(opened: OpenedDesign): void {
  const { design, text } = opened;
  rejectSqlOnly(opened, 'exhaust', 'the search needs a server that answers at once, in process');
  for (const request of ['heartbeat', 'end'] as const) {
    if (hasRequest(design, request)) continue;
    throw wrongUsage(
      `seatproof exhaust cannot use ${design.name}: it has no ${request} request, which the clients of the search send`,
      `seatproof campaign --design ${text}`,
    );
  }
}

async function check(
  opened: OpenedDesign,
  options: SessionOptions,
  flags: ExhaustFlags,
  progress: Progress,
): Promise<number> {
  const { design, source } = opened;
  const folder = await openReportFolder(flags.out);
  const certify = flags.certificate === undefined ? null : await openCertificate(flags.certificate);
  const found = await checkSessions(design, options);
  const longest = flags.measure === true ? await measure(design, options) : [];
  const code = await report(opened, { found, longest, options, folder }, flags, progress);
  if (flags.certificate !== undefined) {
    await certify?.(certificateOf({ source, design, options, check: found, file: flags.certificate }));
    printError(`written: ${flags.certificate}\n`);
  }
  return code;
}

interface Searched {
  readonly found: SessionCheck;
  readonly longest: readonly LongestLasting[];
  readonly options: SessionOptions;
  readonly folder: ReportFolder;
}

/** Replays what the search found, saves and prints it. Returns the exit code. */
async function report(
  opened: OpenedDesign,
  { found, longest, options, folder }: Searched,
  flags: ExhaustFlags,
  progress: Progress,
): Promise<number> {
  const { design } = opened;
  const replayed = await replayIn(design, found, options);
  const isExpected =
    replayed !== null && typeof replayed !== 'string' && design.breaks.includes(CODE_OF[replayed.broke]);
  progress.stop();
  const saved = replayed === null || typeof replayed === 'string' ? null : filesOf(replayed, opened, found, flags.out);
  if (saved !== null) await folder.add(saved.files);
  const exhaustion = concluded(found.outcome, typeof replayed === 'string' ? replayed : null);
  const search = {
    design: flags.design,
    exhaustion,
    abstracted: found.abstracted,
    longest,
    played: saved?.played ?? null,
    expected: isExpected,
  };
  print(flags.json === true ? sessionSearchAsJson(search) : sessionSearchText(search));
  return isExpected && exhaustion.result === 'broken' ? EXIT.passed : CODES[exhaustion.result];
}

/** What the search proves, given why its counterexample did not repeat; null where it did, or there is none. */
function concluded(outcome: SessionCheck['outcome'], unrepeated: string | null): Exhaustion {
  const isVacuous = outcome.result === 'broken' && outcome.laws.every((law) => law.outcome !== 'broken');
  const doubt = isVacuous ? 'no session ever began, so no property was tested' : unrepeated;
  return doubt === null ? outcome : { ...outcome, result: 'inconclusive', doubt };
}

const NOT_IN_TIME =
  'the steps of the counterexample below cannot come in this order in real time. The search lets the steps of one moment ' +
  'come in any order; another --latency, --faults or --kinds leads to other counterexamples';

/**
 * The counterexample, replayed in the world; null where nothing was found. A sentence says why it did not repeat: to a
 * service of the user's, the search shows neither random numbers nor the clock of the server, and a world does.
 */
async function replayIn(
  design: Design,
  found: SessionCheck,
  options: SessionOptions,
): Promise<Replayed | string | null> {
  const breach = breachIn(found);
  if (breach === null) return null;
  const advice = 'does the service use random numbers, or the clock of the server? The search fixes both';
  try {
    const replayed = await replay(design, found.grid, found.model, breach, allowedBy(design, options));
    return (
      replayed ?? `the counterexample below did not break '${breach.name}' when it was replayed in the world; ${advice}`
    );
  } catch (error) {
    if (isUsageError(error) || isEnvironmentError(error)) throw error;
    if (error instanceof NoInstants) return NOT_IN_TIME;
    const message = error instanceof Error ? error.message : String(error);
    return `the counterexample below cannot be replayed in the world (${message}); ${advice}`;
  }
}

async function measure(design: Design, options: SessionOptions): Promise<readonly LongestLasting[]> {
  const longest: LongestLasting[] = [];
  for (const each of ['overlap', 'blocked', 'astray'] as const) {
    const { what, lasts, isBounded, check: measured } = await measureSessions(design, options, each);
    longest.push({ what, lasts, isBounded, isKnown: measured.outcome.result === 'proved' });
  }
  return longest;
}

/** A counterexample as a History for `judge`, and as a scenario for `run`. */
function filesOf(
  { script, history, broke, finding, overlap }: Replayed,
  opened: OpenedDesign,
  { model }: SessionCheck,
  out: string,
): { readonly files: readonly ReportFile[]; readonly played: PlayedAgain } {
  const kept = { name: `exhaust/${history.on}.jsonl`, text: encodeHistory(history) };
  const scenario = savedCounterexample(
    { script, finding, found: `by a search of every state: ${model.name}`, called: [CODE_OF[broke], 'exhaust'] },
    { opened, out },
  );
  const pathOf = ({ name }: ReportFile): string => `${out}/${name}`;
  return {
    files: [kept, scenario],
    played: {
      law: CODE_OF[broke],
      finding,
      overlap,
      scenario: pathOf(scenario),
      history: pathOf(kept),
      replay: [`${COMMAND} run ${pathOf(scenario)}`, `${COMMAND} judge ${pathOf(kept)}`],
    },
  };
}

async function findEdge(
  opened: OpenedDesign,
  options: SessionOptions,
  figure: keyof Figures,
  flags: ExhaustFlags,
  progress: Progress,
): Promise<number> {
  const { design } = opened;
  const solved = await solve(design, options, figure);
  if (solved.unanswered !== null) {
    const folder = await openReportFolder(flags.out);
    return report(opened, { found: solved.unanswered, longest: [], options, folder }, flags, progress);
  }
  progress.stop();
  const policy = { ...design.policy, clockDrift: options.drift ?? design.policy.clockDrift };
  print(flags.json === true ? solvedAsJson(flags.design, solved) : solvedText(policy, solved));
  if (solved.isInconclusive) return EXIT.inconclusive;
  return solved.found === null ? EXIT.finding : EXIT.passed;
}

async function verify(file: string, given: SessionOptions, flags: ExhaustFlags, progress: Progress): Promise<number> {
  const certificate = await readCertificate(file);
  const source = designOfCertificate(certificate, file);
  const options = { ...given, ...certificate.options, source };
  const design = await openDesign(source);
  const now = certificateOf({ source, design, options, check: await checkSessions(design, options), file });
  progress.stop();
  const found = differences(certificate, now);
  print(flags.json === true ? verifiedAsJson(file, found) : verifiedText(file, now.outcome, found));
  return found.length === 0 ? EXIT.passed : EXIT.finding;
}

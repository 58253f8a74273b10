/** What `seatproof exhaust` does: searches, plays what it finds again in the world, and reports. */
import { formatDuration, type Duration } from '../core/time.ts';
import { designByName } from '../designs/all.ts';
import type { Design } from '../designs/design.ts';
import { encodeHistory } from '../history/codec.ts';
import { exhaustionProgressText } from '../report/exhaustion.ts';
import { sessionSearchText, solvedText } from '../report/session-search.ts';
import {
  checkSessions,
  measureSessions,
  type Figures,
  type Longest,
  type SessionOptions,
} from '../search/exhaust/session/check.ts';
import { replay, type Replayed } from '../search/exhaust/session/replay.ts';
import type { FaultKind } from '../search/exhaust/session/session-model.ts';
import { solve } from '../search/exhaust/session/solve.ts';
import { certificateOf, differences, readCertificate, writeCertificate } from './certificate.ts';
import { print, printError } from './console.ts';
import { Bug, EXIT } from './failures.ts';
import { listenForInterrupts, type Interrupts } from './interrupts.ts';
import { openReportFolder } from './output.ts';
import { openProgress, type Progress } from './progress.ts';

export interface ExhaustFlags {
  readonly design: string;
  readonly devices: number;
  readonly launcher?: boolean;
  readonly faults: number;
  readonly kinds: readonly FaultKind[];
  readonly unit?: Duration;
  readonly latency?: Duration;
  readonly allow: Duration;
  readonly measure?: boolean;
  readonly solve?: keyof Figures;
  readonly maxStates: number;
  readonly maxMemory: number;
  readonly maxTime: Duration;
  readonly certificate?: string;
  readonly verify?: string;
  readonly out: string;
  readonly color: boolean;
}

const CODES = { proved: EXIT.passed, broken: EXIT.finding, inconclusive: EXIT.inconclusive } as const;

/** Returns the exit code. */
export async function runExhaust(flags: ExhaustFlags): Promise<number> {
  const interrupts = listenForInterrupts(() => 'nothing was written');
  const progress = await openProgress();
  try {
    if (flags.verify !== undefined) return await verify(flags.verify, flags, interrupts, progress);
    const design = designByName(flags.design);
    const options = optionsOf(flags, interrupts, progress);
    return flags.solve === undefined
      ? await check(design, options, flags, progress)
      : await findEdge(design, options, flags.solve, progress);
  } finally {
    progress.stop();
    interrupts.dispose();
  }
}

function optionsOf(flags: ExhaustFlags, interrupts: Interrupts, progress: Progress): SessionOptions {
  return {
    devices: flags.devices,
    launcher: flags.launcher ?? false,
    faults: flags.faults,
    kinds: flags.kinds,
    unit: flags.unit ?? null,
    latency: flags.latency ?? null,
    allowed: flags.allow,
    bounds: { maxStates: flags.maxStates, maxMemory: flags.maxMemory * 2 ** 20, maxTime: flags.maxTime },
    onProgress(at) {
      interrupts.check();
      progress.show(exhaustionProgressText(at));
    },
  };
}

async function check(
  design: Design,
  options: SessionOptions,
  flags: ExhaustFlags,
  progress: Progress,
): Promise<number> {
  const found = await checkSessions(design, options);
  const { grid, model, outcome, abstracted } = found;
  const trace = outcome.laws.find((law) => law.outcome === 'broken')?.trace ?? null;
  const replayed = trace === null ? null : replay(design, grid, model, trace, options.allowed);
  const longest: Longest[] = [];
  if (flags.measure === true) {
    for (const what of ['overlap', 'blocked', 'astray'] as const)
      longest.push(await measureSessions(design, options, what));
  }
  progress.stop();
  const history = replayed === null ? null : await save(design, replayed, flags.out);
  print(
    sessionSearchText({
      exhaustion: outcome,
      abstracted,
      longest: longest.map(({ check: { outcome: measured }, ...rest }) => ({
        ...rest,
        isKnown: measured.result === 'proved',
      })),
      played: replayed === null ? null : { overlap: replayed.overlap, history: history ?? '' },
    }),
  );
  if (flags.certificate !== undefined) {
    await writeCertificate(flags.certificate, certificateOf(design, options, found));
    printError(`written: ${flags.certificate}\n`);
  }
  if (trace !== null && replayed === null) {
    throw new Bug(new Error('the counterexample above does not happen when it is played in the world'), null);
  }
  return CODES[outcome.result];
}

async function save(design: Design, { history }: Replayed, out: string): Promise<string> {
  const folder = await openReportFolder(out);
  const name = `exhaust/${design.name}.jsonl`;
  await folder.write([{ name, text: encodeHistory(history) }]);
  return `${folder.path}/${name}`;
}

async function findEdge(
  design: Design,
  options: SessionOptions,
  figure: keyof Figures,
  progress: Progress,
): Promise<number> {
  const solved = await solve(design, options, figure);
  progress.stop();
  print(solvedText(design.policy, solved));
  if (solved.isInconclusive) return EXIT.inconclusive;
  return solved.found === null ? EXIT.finding : EXIT.passed;
}

async function verify(file: string, flags: ExhaustFlags, interrupts: Interrupts, progress: Progress): Promise<number> {
  const certificate = await readCertificate(file);
  const design = designByName(certificate.design.name);
  const options = { ...optionsOf(flags, interrupts, progress), ...certificate.options };
  const now = certificateOf(design, options, await checkSessions(design, options));
  progress.stop();
  const found = differences(certificate, now);
  const took = formatDuration(options.bounds.maxTime ?? flags.maxTime);
  print(
    found.length === 0
      ? `✓ ${file} is as it was: ${now.outcome.result}, ${now.outcome.distinct} states\n`
      : `✗ ${file} is not what a search finds now, within ${took}\n${found.map((line) => `  ${line}\n`).join('')}`,
  );
  return found.length === 0 ? EXIT.passed : EXIT.finding;
}

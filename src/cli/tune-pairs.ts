/** What `seatproof tune` does: reads what is observed, asks, and writes the reports. */
import { tuneJson } from '../report/tune-json.ts';
import type { TuneReport } from '../report/tune-report.ts';
import type { PageData } from '../tune/page-data.ts';
import { ready } from '../tune/forms/latency.ts';
import { openPool } from '../tune/simulate/pool.ts';
import { tune, type Answer, type Question } from '../tune/tune.ts';
import { print, printError, wantsColour } from './console.ts';
import { EXIT } from './failures.ts';
import { listenForInterrupts, type Interrupts } from './interrupts.ts';
import { openReportFolder, type ReportFile } from './output.ts';
import { openProgress, type Progress } from './progress.ts';
import { anySeed } from './seed.ts';
import { readObserved } from './tune-observed.ts';
import { tuneReport } from './tune-report.ts';
import { readConditions, readQuestion, readWorkers, type TuneFlags } from './tune-flags.ts';

export async function tunePairs(flags: TuneFlags): Promise<number> {
  const interrupts = listenForInterrupts(() => 'nothing was written');
  const progress = await openProgress();
  try {
    return await tuneWith(flags, interrupts, progress);
  } finally {
    progress.stop();
    interrupts.dispose();
  }
}

async function tuneWith(flags: TuneFlags, interrupts: Interrupts, progress: Progress): Promise<number> {
  await ready;
  const show = (text: string): void => progress.show(text);
  const seed = flags.seed ?? anySeed();
  const workers = readWorkers(flags);
  // Everything that the flags say is read before any work, so that a wrong one is told at once.
  readQuestion(flags, readConditions(flags, {}), seed);
  const wantsFiles = flags.json !== true && flags.reporter.some((reporter) => reporter !== 'terminal');
  const folder = wantsFiles ? await openReportFolder(flags.out) : null;
  const observed = await readObserved(flags, show, () => interrupts.check());
  const conditions = readConditions(flags, observed ?? {});
  const question = readQuestion(flags, conditions, seed);

  const pool = openPool(workers);
  let answer: Answer;
  try {
    answer = await interrupts.race(
      tune(question, pool.doPiece, (done, of) => show(`simulated ${done} of ${of} pairs`)),
    );
  } finally {
    await pool.close();
  }
  progress.stop();
  const report = tuneReport(flags, question, answer, observed, seed);

  if (flags.json === true) print(tuneJson(report));
  else {
    const files = await filesOf(report, question, answer, flags);
    await folder?.write(files);
    if (flags.reporter.includes('terminal')) {
      const { tuneText } = await import('../report/tune-text.ts');
      print(tuneText(report, { colour: wantsColour(flags.color), claims: flags.claims === true }));
    }
    if (folder !== null) printError(`written: ${files.map(({ name }) => `${folder.path}/${name}`).join(', ')}\n`);
  }
  return answer.recommendation.type === 'found' ? EXIT.passed : EXIT.finding;
}

async function filesOf(
  report: TuneReport,
  question: Question,
  answer: Answer,
  { reporter }: TuneFlags,
): Promise<readonly ReportFile[]> {
  const files: ReportFile[] = [];
  if (reporter.includes('json')) files.push({ name: 'tune.json', text: tuneJson(report) });
  if (reporter.includes('html')) {
    const { tuneHtml } = await import('../report/tune-html.ts');
    const { pageScript } = await import('./page-script.ts');
    const data = pageDataOf(question, answer);
    files.push({ name: 'tune.html', text: tuneHtml(report, { data, script: await pageScript() }) });
  }
  return files;
}

function pageDataOf({ heartbeats, timeouts, conditions, wishes }: Question, answer: Answer): PageData {
  const { recommendation, grid, approximations } = answer;
  const begin =
    recommendation.type === 'found'
      ? recommendation.chosen
      : (recommendation.relaxations[0]?.pair ?? grid[grid.length >> 1]);
  if (begin === undefined) throw new Error('a grid has pairs, or it was refused');
  const { heartbeat, timeout } = begin;
  return { heartbeats, timeouts, conditions, wishes, begin: { heartbeat, timeout }, approximations };
}

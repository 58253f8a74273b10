/** `seatproof judge`: judges the laws on histories that were recorded elsewhere, by a failed CI run or in production. */
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { UsageError } from '../core/failures.ts';
import type { Design } from '../designs/design.ts';
import type { Judged } from '../report/judgement.ts';
import { print, printError, wantsColour } from './console.ts';
import { EXIT, nearPath } from './failures.ts';
import { listenForInterrupts, type Interrupts } from './interrupts.ts';
import { designOption, listOption, readList } from './options.ts';
import { openReportFolder } from './output.ts';

const JUDGE_REPORTERS = ['terminal', 'json'] as const;

interface JudgeFlags {
  readonly design?: string;
  readonly reporter: readonly (typeof JUDGE_REPORTERS)[number][];
  readonly out: string;
  readonly color: boolean;
}

const EXAMPLES = `
Examples:
  seatproof judge reports/histories/*.jsonl
  seatproof judge production.jsonl --reporter terminal,json --out reports
  seatproof judge production.jsonl --design ./my-service.ts   with the policy and the expected breaks of your design
`;

export function judgeCommand(finish: (code: number) => void): Command {
  return new Command('judge')
    .description('judge recorded histories by all laws')
    .argument('<files...>', 'histories in JSON Lines')
    .addOption(designOption())
    .addOption(listOption('--reporter <list>', 'terminal, json (writes judgement.json)', ['terminal'], readReporters))
    .option('--out <folder>', 'folder for judgement.json', 'reports')
    .option('--no-color', 'print no colours, as with NO_COLOR set')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], flags: JudgeFlags) => {
      const interrupts = listenForInterrupts(() => 'nothing was written');
      try {
        finish(await judge(files, flags, interrupts));
      } finally {
        interrupts.dispose();
      }
    });
}

async function judge(files: readonly string[], flags: JudgeFlags, interrupts: Interrupts): Promise<number> {
  // Loaded here, so that a command line that is wrong is told so at once.
  const { decodeHistory } = await import('../history/codec.ts');
  const { judgeHistory } = await import('../laws/judge.ts');
  const { judgementAsJson, judgementText } = await import('../report/judgement.ts');
  const design = flags.design === undefined ? null : await openedDesign(flags.design);
  const breaks = design?.breaks ?? [];
  const judged: Judged[] = [];
  for (const file of files) {
    interrupts.check();
    const recorded = decodeHistory(await read(file), file);
    const history = design === null ? recorded : { ...recorded, policy: design.policy };
    judged.push({ file: nearPath(file), history, verdicts: judgeHistory(history), breaks });
  }
  if (flags.reporter.includes('json')) {
    const folder = await openReportFolder(flags.out);
    await folder.write([{ name: 'judgement.json', text: judgementAsJson(judged) }]);
    printError(`written: ${folder.path}/judgement.json\n`);
  }
  if (flags.reporter.includes('terminal')) print(judgementText(judged, wantsColour(flags.color)));
  const broken = judged.some(({ verdicts }) =>
    verdicts.some(({ code, outcome }) => outcome === 'broken' && !breaks.includes(code)),
  );
  return broken ? EXIT.finding : EXIT.passed;
}

async function openedDesign(text: string): Promise<Design> {
  const { resolveDesign } = await import('./design-flag.ts');
  return (await resolveDesign(text, 'judge')).design;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EISDIR') {
      throw new UsageError(
        `'${file}' is a folder; name the histories in it, for example seatproof judge ${file}/*.jsonl`,
      );
    }
    const reason = error instanceof Error ? error.message.replace(/,.*/, '') : String(error);
    throw new UsageError(
      `the history '${file}' cannot be read (${reason}); name a file that exists, for example seatproof judge reports/histories/*.jsonl`,
    );
  }
}

function readReporters(text: string): JudgeFlags['reporter'] {
  return readList(text, JUDGE_REPORTERS, '--reporter', 'reporter', 'seatproof judge history.jsonl --reporter terminal');
}

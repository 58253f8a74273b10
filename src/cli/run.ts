/** `seatproof run`: its flags and its help. What it does is in run-scenarios.ts, loaded when it is called for. */
import { Argument, Command } from 'commander';
import {
  designOption,
  listOption,
  readList,
  readSeed,
  REPORTERS,
  TARGETS,
  type Reporter,
  type TargetName,
} from './options.ts';
import type { RunFlags } from './run-scenarios.ts';

const EXAMPLES = `
Examples:
  seatproof run                                          every scenario, on the model and on Postgres
  seatproof run scenarios/s3 --on model                  one folder, without a database
  seatproof run --filter 'crash' --postgres container    what has 'crash' in its title, on a Postgres in Docker
  seatproof run --design ./my-service.ts                 the scenarios of its policy, against a service of your own

Exit codes: 0 nothing broke, 1 something broke, 2 wrong usage, 3 something is missing, 4 inconclusive.
`;

export function runCommand(finish: (code: number) => void): Command {
  return new Command('run')
    .description('play scenarios on the model and replay them on a real Postgres')
    .addArgument(
      new Argument('[paths...]', 'scenario files, or folders that hold them').default(['scenarios'], 'scenarios'),
    )
    .addOption(designOption())
    .addOption(listOption('--on <targets>', 'where to play', TARGETS, readTargets))
    .option('--postgres <which>', 'embedded, container, or the URL of a server', 'embedded')
    .option('--image <name>', 'the image for --postgres container')
    .addOption(listOption('--reporter <list>', 'how to report', REPORTERS, readReporters))
    .option('--out <folder>', 'where reports are written', 'reports')
    .option('--filter <text>', 'only scenarios with this in their title or path')
    .option('--seed <n>', 'what orders are drawn with where there are too many (default: random)', readSeed)
    .option('--no-color', 'no colours, as with NO_COLOR set')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], flags: RunFlags) => {
      const { runScenarios } = await import('./run-scenarios.ts');
      finish(await runScenarios(paths, flags));
    });
}

function readTargets(text: string): readonly TargetName[] {
  return readList(text, TARGETS, '--on', 'target', 'seatproof run --on model,postgres');
}

function readReporters(text: string): readonly Reporter[] {
  return readList(text, REPORTERS, '--reporter', 'reporter', 'seatproof run --reporter terminal,junit');
}

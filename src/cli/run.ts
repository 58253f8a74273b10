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
  seatproof run                                         every scenario, on the model and on Postgres
  seatproof run scenarios/s3 --on model                 one folder, without a database
  seatproof run --filter 'crash' --postgres container   scenarios with 'crash' in their title or path, on a Postgres in Docker
  seatproof run --design ./my-service.ts                scenarios with its policy, against your own service

Exit codes: 0 nothing broke, 1 something broke, 2 wrong usage, 3 something is missing, 4 inconclusive.
`;

export function runCommand(finish: (code: number) => void): Command {
  return new Command('run')
    .description('play scenarios on the model and replay them on a real Postgres')
    .addArgument(
      new Argument('[paths...]', 'scenario files, or folders that hold them').default(['scenarios'], 'scenarios'),
    )
    .addOption(designOption())
    .addOption(listOption('--on <targets>', 'targets to play on', TARGETS, readTargets))
    .option('--postgres <which>', 'embedded, container, or the URL of a server', 'embedded')
    .option('--image <name>', 'image for --postgres container')
    .addOption(listOption('--reporter <list>', 'reports to produce', REPORTERS, readReporters))
    .option('--out <folder>', 'folder for reports', 'reports')
    .option('--filter <text>', 'play only scenarios with this text in their title or path')
    .option('--seed <n>', 'seed of the sample where a scenario has too many orders (default: random)', readSeed)
    .option('--no-color', 'print no colours, as with NO_COLOR set')
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

/** `seatproof compare`: its flags and its help. What it does is in run-compare.ts, loaded when it is called for. */
import { Command } from 'commander';
import { readCount, readSeed } from './options.ts';
import type { CompareFlags } from './run-compare.ts';

const EXAMPLES = `
Examples:
  seatproof compare                                  the built-in designs in process, without the named defects
  seatproof compare recommended ./my-service.ts      the recommended design and your own service
  seatproof compare s1-before s1-after --runs 2000   more runs, which find rarer breaches

Exit codes: 0 compared, also when laws break; 2 wrong usage, 3 something is missing.
`;

export function compareCommand(finish: (code: number) => void): Command {
  const count = (flag: string) => (text: string) => readCount(text, flag, 'seatproof compare --runs 500');
  return new Command('compare')
    .description('compare designs: which laws each keeps, and its figures')
    .argument('[designs...]', 'names of designs, or modules of your own')
    .option('--runs <n>', 'campaign runs for each design', count('--runs'), 300)
    .option('--seed <n>', 'seed of all random choices (default: random)', readSeed)
    .option('--workers <n>', 'number of threads (default: one for each core)', count('--workers'))
    .option('--json', 'print JSON')
    .option('--no-color', 'print no colours, as with NO_COLOR set')
    .addHelpText('after', EXAMPLES)
    .action(async (designs: readonly string[], flags: CompareFlags) => {
      const { runCompare } = await import('./run-compare.ts');
      finish(await runCompare(designs, flags));
    });
}

/** `seatproof compare`: its flags and its help. What it does is in run-compare.ts, loaded when it is called for. */
import { Command } from 'commander';
import { readCount, readSeed } from './options.ts';
import type { CompareFlags } from './run-compare.ts';

const EXAMPLES = `
Examples:
  seatproof compare                                   the recommended policy, and each system as it was and repaired
  seatproof compare recommended ./my-service.ts       your own service beside it
  seatproof compare s1-before s1-after --runs 2000    more runs, so that less is missed

Exit codes: 0 compared, whatever breaks; 2 wrong usage, 3 something is missing.
`;

export function compareCommand(finish: (code: number) => void): Command {
  const count = (flag: string) => (text: string) => readCount(text, flag, 'seatproof compare --runs 500');
  return new Command('compare')
    .description('put designs side by side: which laws each keeps, and its figures')
    .argument('[designs...]', 'names of designs, or modules of your own')
    .option('--runs <n>', 'how many runs of a campaign each is put through', count('--runs'), 300)
    .option('--seed <n>', 'what everything is drawn from (default: random)', readSeed)
    .option('--workers <n>', 'how many threads (default: one for each core)', count('--workers'))
    .option('--json', 'as JSON')
    .option('--no-color', 'no colours, as with NO_COLOR set')
    .addHelpText('after', EXAMPLES)
    .action(async (designs: readonly string[], flags: CompareFlags) => {
      const { runCompare } = await import('./run-compare.ts');
      finish(await runCompare(designs, flags));
    });
}

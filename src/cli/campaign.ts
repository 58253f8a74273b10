/** `seatproof campaign`: its flags and its help. What it does is in run-campaign.ts, loaded when it is called for. */
import { Command, Option } from 'commander';
import { parseDuration } from '../core/time.ts';
import { ALL_FAULTS, DEFAULT_FAULTS, type FaultName } from '../search/campaign/fault-kinds.ts';
import { designOption, listOption, readCount, readList, readSeed } from './options.ts';
import type { CampaignFlags } from './run-campaign.ts';

const EXAMPLES = `
Examples:
  seatproof campaign                                      the recommended policy, under every fault there is
  seatproof campaign --design s1-before --seed 7             a design that comes with Seatproof
  seatproof campaign --design ./my-service.ts --for 1m    a service of your own, for as long as that
  seatproof campaign --design s3-before --faults loss,crash  only these faults
  seatproof campaign --design s1-before --seed 7 --run 5     one run again, as it was
  seatproof campaign --design ./my-service.ts --bail         stop at the first run that breaks something

Each law that breaks is shrunk to its smallest counterexample and replayed. The worst are printed first.

Faults: ${DEFAULT_FAULTS.join(', ')}.
Only when asked for, because no lease survives it: store-clock-jump. --faults none for none.

Exit codes: 0 nothing broke, 1 something broke, 2 wrong usage, 3 something is missing, 4 inconclusive.
`;

const EXAMPLE = 'seatproof campaign --design recommended --runs 5000';

export function campaignCommand(finish: (code: number) => void): Command {
  return new Command('campaign')
    .description('look for a counterexample by chance: thousands of runs under faults, judged by every law')
    .addOption(designOption('recommended'))
    .option(
      '--runs <n>',
      'how many runs (default: 10000, 1000 for a design in SQL, or without end under --for)',
      (text) => readCount(text, '--runs', EXAMPLE),
    )
    .option('--seed <n>', 'what everything is drawn from (default: random)', readSeed)
    .option('--run <n>', 'only the run of this number', (text) =>
      readCount(text, '--run', 'seatproof campaign --seed 7 --run 5'),
    )
    .option('--for <duration>', 'for how long to begin new runs, for example 30s', parseDuration)
    .addOption(
      listOption('--faults <list>', 'which faults there are', DEFAULT_FAULTS, readFaults, 'all but store-clock-jump'),
    )
    .option('--devices <n>', 'how many devices (default: two or three)', (text) =>
      readCount(text, '--devices', 'seatproof campaign --devices 2'),
    )
    .option('--workers <n>', 'how many threads (default: one for each core)', (text) =>
      readCount(text, '--workers', EXAMPLE),
    )
    .option(
      '--postgres <which>',
      'for a design in SQL: embedded, container, or the URL of a server (default: embedded)',
    )
    .option('--bail', 'stop at the first run that breaks something (default: play all runs)')
    .addOption(new Option('--out <folder>', 'where counterexamples are saved').default('reports'))
    .option('--json', 'as JSON')
    .option('--no-color', 'no colours, as with NO_COLOR set')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: CampaignFlags) => {
      const { runCampaign } = await import('./run-campaign.ts');
      finish(await runCampaign(flags));
    });
}

function readFaults(text: string): readonly FaultName[] {
  if (text === 'none') return [];
  return readList(text, ALL_FAULTS, '--faults', 'fault', 'seatproof campaign --faults loss,cut,crash');
}

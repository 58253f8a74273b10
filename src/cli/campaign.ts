/** `seatproof campaign`: its flags and its help. What it does is in run-campaign.ts, loaded when it is called for. */
import { Command, Option } from 'commander';
import { parseDuration } from '../core/time.ts';
import { ALL_FAULTS, DEFAULT_FAULTS, type FaultName } from '../search/campaign/fault-kinds.ts';
import { designOption, listOption, readCount, readList, readSeed } from './options.ts';
import type { CampaignFlags } from './run-campaign.ts';

const EXAMPLES = `
Examples:
  seatproof campaign                                          the recommended policy, under every kind of fault
  seatproof campaign --design s1-before --seed 7              a built-in design
  seatproof campaign --design ./my-service.ts --for 1m        your own service, for one minute
  seatproof campaign --design s3-before --faults loss,crash   only these faults
  seatproof campaign --design s1-before --seed 7 --run 5      replay one run
  seatproof campaign --design ./my-service.ts --bail          stop at the first run that breaks something

Seatproof shrinks and replays one counterexample for each broken law. It prints the worst first.

Faults: ${DEFAULT_FAULTS.join(', ')}.
store-clock-jump is off by default, because no lease survives it. --faults none injects no faults.

Exit codes: 0 nothing broke, 1 something broke, 2 wrong usage, 3 something is missing, 4 inconclusive.
`;

const EXAMPLE = 'seatproof campaign --design recommended --runs 5000';

export function campaignCommand(finish: (code: number) => void): Command {
  return new Command('campaign')
    .description('search for counterexamples at random: thousands of runs under faults, judged by all laws')
    .addOption(designOption('recommended'))
    .option('--runs <n>', 'number of runs (default: 10000; 1000 for a design in SQL; unlimited with --for)', (text) =>
      readCount(text, '--runs', EXAMPLE),
    )
    .option('--seed <n>', 'seed of all random choices (default: random)', readSeed)
    .option('--run <n>', 'play only the run with this number', (text) =>
      readCount(text, '--run', 'seatproof campaign --seed 7 --run 5'),
    )
    .option('--for <duration>', 'start new runs for this long, for example 30s', parseDuration)
    .addOption(
      listOption('--faults <list>', 'kinds of fault to inject', DEFAULT_FAULTS, readFaults, 'all but store-clock-jump'),
    )
    .option('--devices <n>', 'number of devices (default: two or three)', (text) =>
      readCount(text, '--devices', 'seatproof campaign --devices 2'),
    )
    .option('--workers <n>', 'number of threads (default: one for each core)', (text) =>
      readCount(text, '--workers', EXAMPLE),
    )
    .option(
      '--postgres <which>',
      'for a design in SQL: embedded, container, or the URL of a server (default: embedded)',
    )
    .option('--bail', 'stop at the first run that breaks something (default: play all runs)')
    .addOption(new Option('--out <folder>', 'folder for saved counterexamples').default('reports'))
    .option('--json', 'print JSON')
    .option('--no-color', 'print no colours, as with NO_COLOR set')
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

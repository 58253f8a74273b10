/** `seatproof tune`: its flags and its help. What it does is in tune-pairs.ts, loaded when it is called for. */
import { Command, Option } from 'commander';
import { listOption, readList, readSeed } from './options.ts';
import { TUNE_REPORTERS, type TuneFlags, type TuneReporter } from './tune-flags.ts';

const EXAMPLES = `
Distributions of --latency, one way: 150ms, exponential(mean=150ms), lognormal(p50=80ms, p99=900ms), weibull(…),
gamma(mean=80ms, shape=2), pareto(min=40ms, alpha=2.5), uniform(min=20ms, max=200ms); two of p50, p75, p90, p95, p99,
p999 describe a lognormal or a weibull.

Figures of --want: false-expiry, fence-stops, misses, mistake-duration, detection-mean, detection-max, recovery-mean,
recovery-p95, recovery-max, writes, bytes, outage, overlap.

Examples:
  seatproof tune                                                  a usual network and the usual wishes
  seatproof tune --latency 'lognormal(p50=80ms, p99=900ms)' --want 'false-expiry<=1/day, recovery-max<=60s, overlap=0'
  seatproof tune --loss 'bursty(good=0.1%, bad=50%, good-for=10m, bad-for=12s)' --retries 2
  seatproof tune --heartbeat 20s,30s --timeout 40s,60s --claims   S3's claims about 60/30 and 40/20, with figures
  seatproof tune --observed heartbeats.csv                        loss and latency fitted to recorded heartbeats

Exit codes: 0 a pair keeps every wish, 1 none does, 2 wrong usage, 3 something is missing.
`;

export function tuneCommand(finish: (code: number) => void): Command {
  return new Command('tune')
    .description('choose a heartbeat interval and a timeout before deployment')
    .option('--heartbeat <range>', 'intervals to compare: 20s, 10s,20s or 5s..60s/5s', '5s..60s')
    .option('--timeout <range>', 'timeouts to compare', '10s..180s')
    .option('--loss <share>', 'share of messages lost, in each direction: 1%, or bursty(…) (default: 1%)')
    .option('--latency <distribution>', 'latency of a message, one way (default: exponential(mean=150ms))')
    .option('--drift <rate>', 'maximum drift of a clock', '200ppm')
    .option('--devices <n>', 'number of devices that send heartbeats', '1000')
    .option(
      '--sweep <period>',
      'period of the job that clears expired sessions; 0s: no job, the next start clears them',
      '0s',
    )
    .option('--grace <duration>', 'the wait between an expiry and the next grant', '0s')
    .option('--caller-retry <period>', 'interval at which a refused user retries; 0s: at the announced time', '0s')
    .option('--request-timeout <duration>', 'how long a client waits for an answer', '5s')
    .option('--retries <n>', 'further attempts of a heartbeat without an answer', '0')
    .option('--stop-time <duration>', 'maximum time that a client takes to stop working', '1s')
    .addOption(
      new Option('--loop <kind>', 'timer: every interval; sequential: waits for the answer, then for the interval')
        .choices(['timer', 'sequential'])
        .default('timer'),
    )
    .option('--pauses <pauses>', 'pauses of client processes: pauses(every=1h, length=…)', 'none')
    .option('--fence <which>', 'auto (the longest safe fence), none, or a duration', 'auto')
    .option('--heartbeat-bytes <n>', 'size of a heartbeat on the wire', '500')
    .option('--want <wishes>', 'requirements on the pair (default: usual ones, which are printed)')
    .option('--observed <source>', 'a CSV file of heartbeats, or a postgres:// URL with --query')
    .option(
      '--query <sql>',
      'for --observed postgres://…: a query with columns device, received_at and optionally sent_at',
    )
    .addOption(
      new Option('--simulate <pairs>', 'pairs to simulate').choices(['chosen', 'all', 'none']).default('chosen'),
    )
    .option('--spot-checks <n>', 'number of pairs to play in a world of server, network and clients', '2')
    .option('--heartbeats <n>', 'heartbeats to simulate for each pair', '2000000')
    .option('--workers <n>', 'number of threads (default: one for each core)')
    .option('--seed <n>', 'seed of the simulation (default: random)', readSeed)
    .addOption(listOption('--reporter <list>', 'reports to produce', TUNE_REPORTERS, readReporters))
    .option('--claims', "also print S3's claims about 60/30 and 40/20")
    .option('--json', 'print JSON, and write no files')
    .option('--out <folder>', 'folder for tune.json and tune.html', 'reports')
    .option('--no-color', 'print no colours, as with NO_COLOR set')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: TuneFlags) => {
      const { tunePairs } = await import('./tune-pairs.ts');
      finish(await tunePairs(flags));
    });
}

function readReporters(text: string): readonly TuneReporter[] {
  return readList(text, TUNE_REPORTERS, '--reporter', 'reporter', 'seatproof tune --reporter terminal,html');
}

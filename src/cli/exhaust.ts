/** `seatproof exhaust`: its flags and its help. What it does is in run-exhaust.ts, loaded when it is called for. */
import { Command, Option } from 'commander';
import { parseDuration } from '../core/time.ts';
import { FAULTS } from '../search/exhaust/session/faults.ts';
import { readDrift } from '../tune/conditions/read.ts';
import { designOption, listOption, readList, wrongUsage } from './options.ts';
import type { ExhaustFlags } from './run-exhaust.ts';

const EXAMPLES = `
Examples:
  seatproof exhaust                                        two devices and one fault, with the recommended design
  seatproof exhaust --design s3-before --measure           also the longest overlap, lock-out and work of a victim
  seatproof exhaust --devices 3 --faults 2 --kinds cut,crash
  seatproof exhaust --design s2-after --symbols 2          whether a license can exceed its limit of sessions
  seatproof exhaust --solve fence --kinds cut              the longest safe fence
  seatproof exhaust --solve fence --kinds cut --drift 1%   the same with a clock drift of 1 %
  seatproof exhaust --certificate exhaust.json             save a certificate of the search, for CI
  seatproof exhaust --verify exhaust.json                  repeat the search, and compare
  seatproof exhaust --design ./my-service.ts --json        your own service, if it answers synchronously, as JSON

Exit codes: 0 nothing broke, 1 something broke or differs from the certificate, 2 wrong usage, 3 a file cannot be written,
4 inconclusive: a bound was met, the counterexample does not repeat in the world, or no session ever begins.
`;

/** What a certificate says already. */
const OF_CERTIFICATES = [
  'design',
  'devices',
  'launcher',
  'symbols',
  'faults',
  'kinds',
  'unit',
  'latency',
  'drift',
  'allow',
  'measure',
  'solve',
  'maxStates',
  'maxMemory',
  'maxTime',
];
const FIGURES = ['fence', 'timeout', 'grace'] as const;

export function exhaustCommand(finish: (code: number) => void): Command {
  return new Command('exhaust')
    .description('search every state of a small world around a design, for a proof or the shortest counterexample')
    .addOption(designOption('recommended'))
    .option('--devices <n>', 'number of devices, 1 to 3', readDevices, 2)
    .option('--launcher', 'run a launcher beside the bot on the first device')
    .addOption(
      new Option('--symbols <n>', 'number of symbols, 1 or 2, each with a seat of its own')
        .argParser(readSymbols)
        .default(1)
        .conflicts('solve'),
    )
    .option('--faults <n>', 'maximum number of faults', countOf('--faults'), 1)
    .addOption(
      listOption('--kinds <list>', 'kinds of fault to inject', FAULTS, (text) =>
        readList(text, FAULTS, '--kinds', 'kind', 'seatproof exhaust --kinds loss,crash'),
      ),
    )
    .option('--unit <duration>', 'time step (default: derived from the figures)', readDuration)
    .option('--latency <duration>', 'maximum latency of a message (default: the request timeout)', readDuration)
    .option('--drift <share>', 'maximum clock drift, for example 200ppm (default: the bound of the policy)', readDrift)
    .addOption(
      new Option(
        '--allow <duration>',
        'overlap of two devices to accept (default: the overlap of the policy)',
      ).argParser(readDuration),
    )
    .addOption(
      new Option('--measure', 'also measure the longest overlap, lock-out and work of a victim').conflicts([
        'solve',
        'certificate',
      ]),
    )
    .option('--solve <figure>', `search for the limit of one figure: ${FIGURES.join(', ')}`, readFigure)
    .option('--max-states <n>', 'maximum number of states', countOf('--max-states'), 200_000_000)
    .option('--max-memory <MiB>', 'maximum memory', countOf('--max-memory'), 4096)
    .addOption(
      new Option('--max-time <duration>', 'maximum time of each search')
        .argParser(readDuration)
        .default(parseDuration('10m'), '10m'),
    )
    .addOption(
      new Option('--certificate <file>', 'write a certificate: the search, its bounds and its outcome').conflicts([
        'solve',
        'verify',
      ]),
    )
    .addOption(
      new Option('--verify <file>', 'repeat the search of a certificate, and compare').conflicts(OF_CERTIFICATES),
    )
    .option('--out <folder>', 'folder for a counterexample: a scenario and its history', 'reports')
    .option('--json', 'print JSON')
    .option('--no-color', 'print no colours, as with NO_COLOR set')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: ExhaustFlags) => {
      const { runExhaust } = await import('./run-exhaust.ts');
      finish(await runExhaust(flags));
    });
}

function readDuration(text: string): ReturnType<typeof parseDuration> {
  return parseDuration(text);
}

/** Reads a whole number. */
function countOf(flag: string): (text: string) => number {
  return (text) => {
    const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(count)) return count;
    throw wrongUsage(`${flag}: '${text}' is no count; write a whole number`, `seatproof exhaust ${flag} 2`);
  };
}

function readDevices(text: string): number {
  if (text === '1' || text === '2' || text === '3') return Number(text);
  throw wrongUsage(`--devices: there are 1 to 3, not ${text}`, 'seatproof exhaust --devices 3');
}

function readSymbols(text: string): number {
  if (text === '1' || text === '2') return Number(text);
  throw wrongUsage(`--symbols: there are 1 or 2, not ${text}`, 'seatproof exhaust --design s2-after --symbols 2');
}

function readFigure(text: string): (typeof FIGURES)[number] {
  return readList(text, FIGURES, '--solve', 'figure', 'seatproof exhaust --solve fence')[0] ?? 'fence';
}

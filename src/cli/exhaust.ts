/** `seatproof exhaust`: its flags and its help. What it does is in run-exhaust.ts, loaded when it is called for. */
import { Command, Option } from 'commander';
import { parseDuration } from '../core/time.ts';
import { FAULTS } from '../search/exhaust/session/faults.ts';
import { readDrift } from '../tune/conditions/read.ts';
import { designOption, listOption, readList, wrongUsage } from './options.ts';
import type { ExhaustFlags } from './run-exhaust.ts';

const EXAMPLES = `
Examples:
  seatproof exhaust                                       two devices and one fault around the recommended rules
  seatproof exhaust --design s3-before --measure          how long two devices can work at once, and what else lasts
  seatproof exhaust --devices 3 --faults 2 --kinds cut,crash
  seatproof exhaust --design s2-after --symbols 2         whether a license has more sessions than it may
  seatproof exhaust --solve fence --kinds cut             the longest fence that is safe
  seatproof exhaust --solve fence --kinds cut --drift 1%  the same with clocks as bad as that
  seatproof exhaust --certificate exhaust.json            what was searched, for CI to keep
  seatproof exhaust --verify exhaust.json                 searches it again, and compares
  seatproof exhaust --design ./my-service.ts --json       a service of your own that answers at once; for programs

Exit codes: 0 nothing broke, 1 something broke or is not as it was certified, 2 wrong usage, 3 a file cannot be written,
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
    .description('search every state of a small world around a design: a proof, or the shortest counterexample')
    .addOption(designOption('recommended'))
    .option('--devices <n>', '1 to 3', readDevices, 2)
    .option('--launcher', 'the first device runs a launcher beside its bot')
    .addOption(
      new Option('--symbols <n>', '1 or 2, each with a seat of its own')
        .argParser(readSymbols)
        .default(1)
        .conflicts('solve'),
    )
    .option('--faults <n>', 'how many faults there are at most', countOf('--faults'), 1)
    .addOption(
      listOption('--kinds <list>', 'what can go wrong', FAULTS, (text) =>
        readList(text, FAULTS, '--kinds', 'kind', 'seatproof exhaust --kinds loss,crash'),
      ),
    )
    .option('--unit <duration>', 'the step of time (default: what divides the figures)', readDuration)
    .option('--latency <duration>', 'how late a message can be (default: the request timeout)', readDuration)
    .option(
      '--drift <share>',
      'how far clocks are off, for example 200ppm (default: what the policy allows)',
      readDrift,
    )
    .addOption(
      new Option(
        '--allow <duration>',
        'how long devices may work at once (default: the overlap of the policy)',
      ).argParser(readDuration),
    )
    .addOption(
      new Option('--measure', 'also: the longest overlap, lock-out and work of a victim').conflicts([
        'solve',
        'certificate',
      ]),
    )
    .option('--solve <figure>', `find by search the edge of one: ${FIGURES.join(', ')}`, readFigure)
    .option('--max-states <n>', 'states at most', countOf('--max-states'), 200_000_000)
    .option('--max-memory <MiB>', 'memory at most', countOf('--max-memory'), 4096)
    .addOption(
      new Option('--max-time <duration>', 'time at most, of each search')
        .argParser(readDuration)
        .default(parseDuration('10m'), '10m'),
    )
    .addOption(
      new Option('--certificate <file>', 'write what was searched, and what came of it').conflicts(['solve', 'verify']),
    )
    .addOption(
      new Option('--verify <file>', 'search again what a certificate says, and compare').conflicts(OF_CERTIFICATES),
    )
    .option('--out <folder>', 'where a counterexample is written: a scenario, and its history', 'reports')
    .option('--json', 'as JSON')
    .option('--no-color', 'no colours, as with NO_COLOR set')
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

/** `seatproof race`: its flags and its help. What it does is in run-race.ts, loaded when it is called for. */
import { Command, Option } from 'commander';
import { parseDuration } from '../core/time.ts';
import { designOption, listOption, readList, wrongUsage } from './options.ts';
import type { RaceFlags } from './run-race.ts';

const EXAMPLES = `
Calls: start, start:laptop (from the device that holds the seat), takeover, retry, heartbeat, end, status, sweep.

Examples:
  seatproof race                                             every order of two starts on the recommended design
  seatproof race --design s3-before                          find the order in which both starts are granted
  seatproof race --design login.design.ts --calls start,start,sweep --seat expired --extra clock
  seatproof race --design login.design.ts --isolation serializable --extra crash,lost
  seatproof race --replay reports/races/s3-before-P1.race.json
  seatproof race --design s0-after --on memory               in process: each access to the store is a step
  seatproof race --prove                                     every pair and triple of calls on the recommended design
  seatproof race --prove --design recommended-in-transaction --extra clock,crash   takes long
  seatproof race --mutants                                   whether races catch each missing guard of the reference
  seatproof race --design login.design.ts --free --for 10s   many connections at once, without control

Exit codes: 0 nothing broke, 1 something broke, 2 wrong usage, 3 something is missing, 4 inconclusive.
`;

const SEATS = ['fresh', 'live', 'expired', 'ended', 'followed', 'closed'] as const;
const ISOLATIONS = ['read-committed', 'repeatable-read', 'serializable'] as const;
const EXTRAS = ['clock', 'crash', 'lost'] as const;
const TARGETS = ['memory', 'postgres'] as const;

export function raceCommand(finish: (code: number) => void): Command {
  return new Command('race')
    .description('play every order of concurrent requests, on a real Postgres or in memory')
    .addOption(designOption('recommended'))
    .option('--calls <list>', 'concurrent calls', 'start,start')
    .option(
      '--seat <state>',
      'state of the seat: fresh, live, expired, ended, followed or closed (default: the state that the calls need)',
      readSeat,
    )
    .addOption(
      listOption(
        '--isolation <levels>',
        ISOLATIONS.join(', '),
        [],
        (text) => readList(text, ISOLATIONS, '--isolation', 'level', 'seatproof race --isolation repeatable-read'),
        'read-committed; with --prove all of them',
      ),
    )
    .addOption(
      listOption(
        '--extra <steps>',
        `further steps: ${EXTRAS.join(', ')}`,
        [],
        (text) => readList(text, EXTRAS, '--extra', 'step', 'seatproof race --extra clock,crash'),
        'none',
      ),
    )
    .option('--on <place>', 'memory or postgres (default: postgres for a design with SQL)', readTarget)
    .option('--postgres <which>', 'embedded, container, or the URL of a server', 'embedded')
    .option('--raw', 'play all orders, not one of each class of equivalent orders')
    .option('--max-schedules <n>', 'maximum number of orders to play', readCount, 20_000)
    .option('--lanes <n>', 'number of databases to use in parallel', readCount, 2)
    .option('--replay <file>', 'play a saved schedule again')
    .option('--prove', 'race every pair and triple of calls on every state of a seat')
    .option('--pairs', 'with --prove: only pairs')
    .option('--mutants', 'race the reference SQL without each of its guards')
    .option('--free', 'run the calls without control, and judge the histories')
    .addOption(
      new Option('--for <duration>', 'duration of --free').argParser(readDuration).default(parseDuration('5s'), '5s'),
    )
    .option('--out <folder>', 'folder for schedules that break a law', 'reports')
    .option('--json', 'print JSON')
    .option('--no-color', 'print no colours, as with NO_COLOR set')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: RaceFlags) => {
      const { runRace } = await import('./run-race.ts');
      finish(await runRace(flags));
    });
}

function readSeat(text: string): (typeof SEATS)[number] {
  const found = SEATS.find((seat) => seat === text);
  if (found !== undefined) return found;
  throw wrongUsage(`--seat: there is no state '${text}'; a seat is ${SEATS.join(', ')}`, 'seatproof race --seat live');
}

function readTarget(text: string): (typeof TARGETS)[number] {
  const found = TARGETS.find((target) => target === text);
  if (found !== undefined) return found;
  throw wrongUsage(
    `--on: there is no place '${text}'; a race runs on ${TARGETS.join(' or ')}`,
    'seatproof race --on memory',
  );
}

function readCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw wrongUsage(`'${text}' is no count; write a whole number from 1 up`, 'seatproof race --max-schedules 5000');
}

function readDuration(text: string): number {
  const duration = parseDuration(text);
  if (duration > 0) return duration;
  throw wrongUsage(`--for: '${text}' is no time at all`, 'seatproof race --free --for 10s');
}

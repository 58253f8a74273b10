/** `seatproof doctor`: what is installed, what is missing, and how to get it. */
import { Command } from 'commander';
import picocolors from 'picocolors';
import { labelled } from '../report/wrap.ts';
import { asText } from '../report/json.ts';
import type { Check, CheckOutcome } from './checks.ts';
import { print, wantsColour } from './console.ts';
import { EXIT } from './failures.ts';
import { listenForInterrupts } from './interrupts.ts';
import { openProgress } from './progress.ts';

const EXAMPLES = `
Examples:
  seatproof doctor                      check everything; this starts a Postgres
  seatproof doctor --out /tmp/reports   check that reports can be written there
  seatproof doctor --json               print JSON

Exit codes: 0 everything that 'seatproof run' needs is installed, 3 something is missing.
`;

interface DoctorFlags {
  readonly json?: true;
  readonly out: string;
  readonly image: string;
  readonly color: boolean;
}

export function doctorCommand(finish: (code: number) => void): Command {
  return new Command('doctor')
    .description('check what is installed, and print how to install what is missing')
    .option('--json', 'print JSON')
    .option('--out <folder>', 'folder for reports', 'reports')
    .option('--image <name>', 'image for --postgres container', 'postgres:18-alpine')
    .option('--no-color', 'print no colours, as with NO_COLOR set')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: DoctorFlags) => finish(await doctor(flags)));
}

interface Looked {
  readonly check: Check;
  readonly outcome: CheckOutcome;
}

async function doctor(flags: DoctorFlags): Promise<number> {
  const interrupts = listenForInterrupts(() => 'not everything was looked at');
  const progress = await openProgress();
  const looked: Looked[] = [];
  try {
    const { CHECKS } = await import('./checks.ts');
    for (const check of CHECKS) {
      progress.show(`looking at ${check.name}`);
      looked.push({ check, outcome: await interrupts.race(check.look(flags)) });
    }
  } finally {
    progress.stop();
    interrupts.dispose();
  }
  print(flags.json === true ? asJson(looked) : asTable(looked, wantsColour(flags.color)));
  return isFit(looked) ? EXIT.passed : EXIT.environment;
}

/** Whether everything is there that a run without flags needs. */
function isFit(looked: readonly Looked[]): boolean {
  return looked.every(({ check, outcome }) => outcome.ok || !check.needed);
}

function asTable(looked: readonly Looked[], colour: boolean): string {
  const colours = picocolors.createColors(colour);
  const lines = looked.flatMap(({ check, outcome }) => {
    const mark = outcome.ok ? colours.green('✓') : colours.red('✗');
    const [first = '', ...rest] = labelled(check.name, outcome.found, 2, 13);
    const remedy = outcome.remedy === null ? [] : labelled('', outcome.remedy, 2, 13);
    return [`${mark}${first.slice(1)}`, ...rest, ...remedy];
  });
  const end = isFit(looked)
    ? 'Everything that seatproof run needs is installed.'
    : 'Something that seatproof run needs is missing.';
  return `${[...lines, '', end].join('\n')}\n`;
}

function asJson(looked: readonly Looked[]): string {
  return asText({
    seatproof: 'doctor',
    version: 1,
    fit: isFit(looked),
    checks: looked.map(({ check: { name, needed }, outcome: { ok, found, remedy } }) => ({
      name,
      needed,
      ok,
      found,
      remedy,
    })),
  });
}

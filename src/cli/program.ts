/** The commands, and what is said of a command line that cannot be read. */
import { Command, CommanderError } from 'commander';
import { campaignCommand } from './campaign.ts';
import { compareCommand } from './compare.ts';
import { designsCommand } from './designs.ts';
import { doctorCommand } from './doctor.ts';
import { exhaustCommand } from './exhaust.ts';
import { judgeCommand } from './judge.ts';
import { wrongUsage } from './options.ts';
import { PACKAGE } from './package.ts';
import { raceCommand } from './race.ts';
import { runCommand } from './run.ts';
import { suggest } from '../core/suggest.ts';
import { tuneCommand } from './tune.ts';

const EXAMPLES = `
Examples:
  seatproof run        play every scenario below ./scenarios, and write ./reports
  seatproof campaign   search for counterexamples at random, under every kind of fault
  seatproof race       play every order of concurrent requests, on a real Postgres
  seatproof exhaust    search every state of a small world, for a proof or the shortest counterexample
  seatproof tune       choose a heartbeat interval and a timeout
  seatproof designs    list the built-in designs, their figures, and the warnings about them
  seatproof doctor     check what is installed, and print how to install what is missing
`;

/** `finish` is called with the exit code of the command that ran. */
function buildProgram(finish: (code: number) => void): Command {
  const program = new Command('seatproof')
    .description('simulation and test harness for session systems that allow one active session per license')
    .version(PACKAGE.version)
    .addHelpText('after', EXAMPLES);
  for (const build of [
    runCommand,
    campaignCommand,
    compareCommand,
    raceCommand,
    exhaustCommand,
    tuneCommand,
    designsCommand,
    doctorCommand,
    judgeCommand,
  ]) {
    program.addCommand(build(finish));
  }
  for (const command of [program, ...program.commands]) {
    // What is wrong is thrown and printed in one place, in one style.
    command.exitOverride().configureOutput({ outputError: () => undefined });
  }
  return program;
}

/** Runs the command that `argv` names. Help and version are printed; everything else that Commander refuses is a `UsageError`. */
export async function runProgram(argv: readonly string[], finish: (code: number) => void): Promise<void> {
  const program = buildProgram(finish);
  if (argv.length === 0) {
    program.outputHelp();
    finish(0);
    return;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw refusal(error, argv, program);
    finish(0);
  }
}

/** A correct command line of each command. */
const CORRECT: Record<string, string> = {
  run: 'seatproof run scenarios --on model',
  campaign: 'seatproof campaign --design recommended',
  compare: 'seatproof compare recommended s1-before',
  race: 'seatproof race --design s3-before --calls start,start',
  exhaust: 'seatproof exhaust --design s3-before --measure',
  designs: 'seatproof designs --json',
  doctor: 'seatproof doctor',
  judge: 'seatproof judge reports/histories/*.jsonl',
  tune: 'seatproof tune --heartbeat 5s..60s --loss 1%',
};

function refusal(error: CommanderError, argv: readonly string[], program: Command): Error {
  const names = program.commands.map((each) => each.name());
  if (error.code === 'commander.unknownCommand') {
    const word = /'(.*)'/.exec(error.message)?.[1] ?? '';
    const nearest = suggest(word, names);
    const meant = nearest === null ? '' : `. Did you mean '${nearest}'?`;
    return wrongUsage(
      `there is no command '${word}'; the commands are ${names.join(', ')}${meant}`,
      CORRECT[nearest ?? 'run'] ?? 'seatproof --help',
    );
  }
  const message = error.message.replace(/^error: /, '').replace(/\n\(?(Did you mean .*?)\)?$/s, '. $1');
  const command = names.find((name) => argv.includes(name)) ?? '';
  return wrongUsage(message, CORRECT[command] ?? 'seatproof --help');
}

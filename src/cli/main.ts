#!/usr/bin/env node
/** The program `seatproof`: runs the command that was given, and ends with its exit code. */
import { printError, tolerateClosedPipes } from './console.ts';
import { exitNow, keepExitFromFiles } from './exit.ts';
import { EXIT, failureOf } from './failures.ts';
import { wasForced } from './interrupts.ts';
import { runProgram } from './program.ts';
import { ofStray } from './stray.ts';

let ended = false;

/** Ends the process once everything is written, whatever may still be open: a loader's thread, a scenario file's timer. */
function finish(code: number): void {
  ended = true;
  process.stdout.write('', () => process.stderr.write('', () => exitNow(code)));
}

function fail(error: unknown): void {
  const { code, text } = failureOf(error);
  printError(text);
  finish(code);
}

tolerateClosedPipes();
keepExitFromFiles();
process.on('exit', () => {
  if (ended || wasForced()) return;
  process.exitCode = EXIT.usage;
  printError(
    'error: a scenario file waits for something that never happens, so there is nothing left to do\n' +
      'try: seatproof run with one file at a time, to see which it is\n',
  );
});
for (const event of ['unhandledRejection', 'uncaughtException']) process.on(event, (error) => fail(ofStray(error)));

runProgram(process.argv.slice(2), finish).catch(fail);

/** `seatproof race --free`: the calls without control, on many connections at once, judged by what was recorded. */
import { runFree } from '../search/race/free.ts';
import { callsInWords, SEAT_IN_WORDS } from '../search/race/case.ts';
import { freeText } from '../report/race-proof.ts';
import { print, wantsColour } from './console.ts';
import { EXIT } from './failures.ts';
import { openPlaces } from './race-place.ts';
import { caseOf, unexpectedIn, type RaceRun } from './run-race.ts';

/** Returns the exit code. */
export async function raceFreely(run: RaceRun): Promise<number> {
  const { flags, design, on, interrupts, progress } = run;
  const raceCase = caseOf(run);
  progress.show('setting up');
  const places = await openPlaces(design, on, flags, run.address);
  try {
    progress.show(`running freely for ${flags.for / 1000} s`);
    const result = await runFree(places.databases, raceCase, { forMs: flags.for, check: () => interrupts.check() });
    progress.stop();
    const report = {
      design: flags.design,
      where: `${places.where}, ${raceCase.isolation}`,
      what: `${callsInWords(raceCase.calls)} at once on ${SEAT_IN_WORDS[raceCase.seat]}`,
      ...result,
      outcomes: [...result.outcomes],
      broken: unexpectedIn(result, design.breaks),
      findings: result.findings
        .filter(({ breach }) => !design.breaks.includes(breach.law))
        .map(({ breach, history }) => ({ finding: breach.finding, history })),
    };
    print(freeText(report, wantsColour(flags.color)));
    return unexpectedIn(result, design.breaks).length > 0 ? EXIT.finding : EXIT.passed;
  } finally {
    await places.close();
  }
}

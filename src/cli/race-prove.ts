/** `seatproof race --prove`: every pair and triple of calls on every state of a seat. */
import { callText } from '../search/race/case.ts';
import type { RaceResult } from '../search/race/race.ts';
import { prove } from '../search/race/prove.ts';
import { proofText } from '../report/race-proof.ts';
import { print, wantsColour } from './console.ts';
import { EXIT } from './failures.ts';
import { openPlaces } from './race-place.ts';
import { EXTRA_IN_WORDS, GRANULARITY, levelsOf, optionsOf, tell, unexpectedIn, type RaceRun } from './run-race.ts';

/** Returns the exit code. */
export async function raceAll(run: RaceRun): Promise<number> {
  const { flags, design, on, interrupts, progress } = run;
  const places = await openPlaces(design, on, flags, run.address);
  try {
    const isolations = levelsOf(flags, on);
    const proof = await prove(places.places, {
      ...optionsOf(flags, interrupts),
      sizes: flags.pairs === true ? [2] : [2, 3],
      isolations,
      extras: flags.extra,
      onCase: (done, total, { calls, isolation }) => {
        progress.show(`${done}/${total} ${isolation}: ${calls.map(callText).join(', ')}`);
        run.soFar = `nothing is proved, ${done} of ${total} cases were raced`;
      },
    });
    progress.stop();
    const broken = proof.broken.filter((result) => unexpectedIn(result, design.breaks).length > 0);
    for (const result of [...broken.slice(0, 3), ...proof.inconclusive.slice(0, 1)]) await tell(run, places, result);
    const where = on === 'memory' ? places.where : `${places.where}, ${isolations.join(' and ')}`;
    print(
      proofText(
        {
          design: flags.design,
          where: [where, ...flags.extra.map((extra) => EXTRA_IN_WORDS[extra])].join('; '),
          sizes: flags.pairs === true ? 'every pair' : 'every pair and triple',
          ...proof,
          kept: [...proof.kept],
          notJudged: [...proof.notJudged],
          granularity: GRANULARITY[on],
          broken: broken.length,
          expected: declaredIn(proof.broken, design.breaks),
          inconclusive: proof.inconclusive.length,
        },
        wantsColour(flags.color),
      ),
    );
    if (broken.length > 0) return EXIT.finding;
    return proof.inconclusive.length > 0 ? EXIT.inconclusive : EXIT.passed;
  } finally {
    await places.close();
  }
}

/** Laws that broke and that the design declares to break, with the number of cases, in the order of the declaration. */
function declaredIn(results: readonly RaceResult[], breaks: readonly string[]): readonly (readonly [string, number])[] {
  return breaks.flatMap((law) => {
    const cases = results.filter(({ broken }) => broken.has(law)).length;
    return cases === 0 ? [] : [[law, cases] as const];
  });
}

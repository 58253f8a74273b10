/** `seatproof race --replay`: one saved schedule, played again and drawn. */
import { readFile } from 'node:fs/promises';
import { UsageError } from '../core/failures.ts';
import { findingLines } from '../report/race-report.ts';
import { scheduleLines } from '../report/schedule.ts';
import { labelled } from '../report/wrap.ts';
import { playAndJudge } from '../search/race/race.ts';
import { decodeSchedule } from '../search/race/saved.ts';
import { stage } from '../search/race/stage.ts';
import picocolors from 'picocolors';
import { print, wantsColour } from './console.ts';
import { withItsRequests } from '../world/requests.ts';
import { resolveDesign } from './design-flag.ts';
import { EXIT } from './failures.ts';
import { drawingOf } from './race-files.ts';
import { openPlaces } from './race-place.ts';
import type { RaceRun } from './run-race.ts';

/** Returns the exit code: 1 where a law breaks that the design does not declare to break, 0 otherwise. */
export async function replaySchedule({ flags, address, progress }: RaceRun): Promise<number> {
  const file = flags.replay ?? '';
  const saved = decodeSchedule(await read(file), file);
  const { design } = await resolveDesign(saved.design, 'race');
  const places = await openPlaces(
    await withItsRequests(design),
    saved.on,
    { postgres: flags.postgres, lanes: 1 },
    address,
  );
  try {
    const [place] = places.places;
    if (place === undefined) throw new Error('there is no place to race');
    const staged = await stage(place, saved.raceCase);
    const again = await playAndJudge(staged, saved.schedule);
    progress.stop();
    if (again === null) {
      throw new UsageError(
        `the calls of ${saved.design} no longer take the steps of this schedule, or the server does not let them go on in its order: race it anew with seatproof race --design ${saved.design}`,
        { file },
      );
    }
    const { played, judged } = again;
    const breach =
      judged.breaches.find(({ law, finding }) => law === saved.law && finding.message === saved.message) ??
      judged.breaches.find(({ law }) => law === saved.law);
    const colours = picocolors.createColors(wantsColour(flags.color));
    const drawing = drawingOf(staged, played, judged.history);
    const broken = [...new Set(judged.breaches.map(({ law }) => law))];
    const isExpected = design.breaks.includes(saved.law);
    const mark = isExpected ? colours.green : colours.red;
    const lines =
      breach === undefined
        ? [
            `${colours.green('✓')} ${saved.law} does not break any more: ${saved.message}`,
            ...scheduleLines(drawing).map((line) => `    ${line}`),
          ]
        : [
            `${mark(isExpected ? '✓' : '✗')} ${colours.bold(`${saved.design} on ${places.where}`)}`,
            ...findingLines(
              {
                finding: breach.finding,
                drawing,
                also: broken.filter((law) => law !== saved.law),
                alsoInTurn: false,
                confirmed: true,
                replay: `seatproof race --replay ${file}`,
              },
              mark,
            ),
            ...(isExpected ? labelled('note', `${saved.law} is expected to break (declared by the design)`) : []),
          ];
    print(`${lines.join('\n')}\n`);
    return broken.some((law) => !design.breaks.includes(law)) ? EXIT.finding : EXIT.passed;
  } finally {
    await places.close();
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/,.*/, '') : String(error);
    throw new UsageError(
      `the schedule '${file}' cannot be read (${reason}); name one that seatproof race saved, for example reports/races/s3-before-P1.race.json`,
    );
  }
}

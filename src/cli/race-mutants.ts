/** `seatproof race --mutants`: the reference SQL without each of its guards, and which race catches that. */
import { MUTANTS } from '../designs/sql/mutants.ts';
import { openServer, parsePostgresChoice } from '../postgres/server.ts';
import { mutantTable, type MutantRow } from '../report/race-proof.ts';
import { catchMutant } from '../search/race/mutation.ts';
import { print, wantsColour } from './console.ts';
import { EXIT } from './failures.ts';
import type { RaceRun } from './run-race.ts';

/** Returns the exit code: 1 where a mutant was not caught. */
export async function raceMutants({ flags, interrupts, progress }: RaceRun): Promise<number> {
  const server = await openServer(parsePostgresChoice(flags.postgres));
  try {
    const rows: MutantRow[] = [];
    for (const mutant of MUTANTS) {
      progress.show(`${rows.length}/${MUTANTS.length} ${mutant.where} without: ${mutant.guard}`);
      const { by, laws, schedules } = await catchMutant(server, mutant, () => interrupts.check());
      rows.push({ where: mutant.where, guard: mutant.guard, by, laws, schedules });
    }
    progress.stop();
    print(mutantTable(rows, wantsColour(flags.color)));
    return rows.every(({ by }) => by !== null) ? EXIT.passed : EXIT.finding;
  } finally {
    await server.close();
  }
}

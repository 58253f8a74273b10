/** The smallest schedule that breaks a law in a certain way: the fewest calls, then the fewest extra steps, then the fewest switches. */
import type { Extra, RaceCase } from './case.ts';
import { explore, type Played } from './explore.ts';
import { isRaceFault } from './fault.ts';
import { Judge, type Judged } from './judge.ts';
import { explorationOf, given, type RaceOptions } from './settings.ts';
import { stage, type Place, type Staged } from './stage.ts';

export interface Smallest {
  readonly staged: Staged;
  readonly played: Played;
  readonly judged: Judged;
}

/** Schedules that are tried in all, and switches in one of them. */
const MOST_TRIED = 1_500;
const MOST_SWITCHES = 6;

/** Null where none was found within the bound; then the schedule that is known has to do. */
export async function smallest(
  place: Place,
  raceCase: RaceCase,
  sort: string,
  options: RaceOptions,
): Promise<Smallest | null> {
  let left = MOST_TRIED;
  for (const smaller of smallerCases(raceCase)) {
    const staged = await stage(place, smaller).catch(() => null);
    if (staged === null) continue;
    for (let switches = smaller.calls.length - 1; switches <= MOST_SWITCHES && left > 0; switches++) {
      const tried = await search(staged, sort, switches, left, options);
      left -= tried.schedules;
      if (tried.found !== null) return { staged, ...tried.found };
      // With more switches there is nothing new.
      if (tried.all) break;
    }
  }
  return null;
}

async function search(
  staged: Staged,
  sort: string,
  mostSwitches: number,
  mostSchedules: number,
  { check, patience }: RaceOptions,
): Promise<{
  readonly found: { played: Played; judged: Judged } | null;
  readonly schedules: number;
  readonly all: boolean;
}> {
  const judge = new Judge(staged, patience);
  let found: { played: Played; judged: Judged } | null = null;
  let widest = 0;
  try {
    const { schedules } = await explore(
      [staged.place.ground],
      staged.calls,
      { ...explorationOf(staged), mode: 'raw', mostSwitches, mostSchedules, ...given({ check, patience }) },
      async (played) => {
        const judged = await judge.judge(played);
        widest = Math.max(widest, played.schedule.length);
        if (!judged.breaches.some((breach) => breach.sort === sort)) return undefined;
        found = { played, judged };
        return 'stop';
      },
    );
    return { found, schedules, all: mostSwitches >= widest };
  } catch (error) {
    // Fewer calls may get stuck where all of them did not; then they are no smaller example.
    if (isRaceFault(error)) return { found: null, schedules: 1, all: true };
    throw error;
  }
}

/** Every part of the calls, the smallest first; each without extra steps before with them. */
function* smallerCases(raceCase: RaceCase): Iterable<RaceCase> {
  const { calls, extras } = raceCase;
  const parts = Array.from({ length: 2 ** calls.length - 1 }, (_, i) =>
    calls.filter((__, at) => ((i + 1) >> at) % 2 === 1),
  );
  const extraParts: readonly Extra[][] = [
    [],
    ...(extras.length > 1 ? extras.map((extra) => [extra]) : []),
    [...extras],
  ];
  const seen = new Set<string>();
  for (const part of parts.toSorted((a, b) => a.length - b.length)) {
    for (const extraPart of extraParts) {
      const key = JSON.stringify([part, extraPart]);
      if (seen.has(key)) continue;
      seen.add(key);
      yield { ...raceCase, calls: part, extras: extraPart };
    }
  }
}

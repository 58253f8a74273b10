/** Races one case: every order is played and judged, what breaks is made as small as it gets, and played again. */
import type { Finding } from '../../laws/finding.ts';
import type { History } from '../../history/history.ts';
import type { RaceCase } from './case.ts';
import { explore, type Played } from './explore.ts';
import type { Ground } from './ground.ts';
import { Judge, type Judged } from './judge.ts';
import { playSchedule } from './play-schedule.ts';
import type { Choice } from './schedule.ts';
import { explorationOf, given, type RaceOptions } from './settings.ts';
import { smallest } from './smallest.ts';
import { stage, type Place, type Staged } from './stage.ts';

export interface RaceFinding {
  /** The code of the law, or `linearizability`. */
  readonly law: string;
  readonly finding: Finding;
  /** As small as it got: it may have fewer calls than were raced. */
  readonly staged: Staged;
  readonly played: Played;
  readonly history: History;
  /** Other laws that the same schedule breaks. */
  readonly also: readonly string[];
  /** Whether the law breaks in this way also when the calls follow one another, so that it takes no race. */
  readonly alsoInTurn: boolean;
  /** Whether the schedule, played again, broke the law again. */
  readonly confirmed: boolean;
}

export interface RaceResult {
  readonly staged: Staged;
  readonly schedules: number;
  readonly pruned: number;
  /** Schedules in which the server chose who went on first, so that others may not have been played. */
  readonly chosen: number;
  readonly rawAtMost: number;
  /** How the calls ended, with how many schedules ended so. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** By law, how many schedules broke it. */
  readonly broken: ReadonlyMap<string, number>;
  /** Laws that some schedule put to the test and none broke. */
  readonly kept: readonly string[];
  readonly undecided: readonly string[];
  readonly findings: readonly RaceFinding[];
  /** The first order that broke something. */
  readonly example: readonly Choice[] | null;
  /** The bound that was met; null when everything was played. */
  readonly bound: string | null;
  readonly wallMs: number;
}

/** Whether something was left out or left open, so that nothing is proved although nothing broke. */
export function isInconclusive({ bound, chosen, undecided }: RaceResult): boolean {
  return bound !== null || chosen > 0 || undecided.length > 0;
}

/** `places` are alike; with several of them, schedules are played side by side. */
export async function race(
  places: readonly Place[],
  raceCase: RaceCase,
  options: RaceOptions = {},
): Promise<RaceResult> {
  const stages = new Map<Ground, Staged>();
  for (const place of places) stages.set(place.ground, await stage(place, raceCase));
  const [staged] = [...stages.values()];
  if (staged === undefined) throw new Error('a race needs a place');
  const judge = new Judge(staged);
  const outcomes = new Map<string, number>();
  const broken = new Map<string, number>();
  const kept = new Set<string>();
  const undecided = new Set<string>();
  const first = new Map<string, { readonly law: string; readonly played: Played; readonly judged: Judged }>();
  const explored = await explore(
    [...stages.keys()],
    staged.calls,
    {
      ...explorationOf(staged),
      ...options,
      look: (ground) => stages.get(ground)?.place.rows() ?? Promise.resolve(null),
    },
    (played) => {
      const judged = judge.judge(played);
      outcomes.set(judged.outcome, (outcomes.get(judged.outcome) ?? 0) + 1);
      for (const law of judged.kept) kept.add(law);
      for (const law of judged.undecided) undecided.add(law);
      for (const law of new Set(judged.breaches.map((breach) => breach.law)))
        broken.set(law, (broken.get(law) ?? 0) + 1);
      for (const { sort, law } of judged.breaches) if (!first.has(sort)) first.set(sort, { law, played, judged });
      return options.stopAtFirst === true && judged.breaches.length > 0 ? 'stop' : undefined;
    },
  );
  const { schedules, pruned, chosen, rawAtMost, bound, wallMs } = explored;
  return {
    staged,
    schedules,
    pruned,
    chosen,
    rawAtMost,
    outcomes,
    broken,
    kept: [...kept].filter((law) => !broken.has(law)).sort((a, b) => numberOf(a) - numberOf(b)),
    undecided: [...undecided],
    findings: broken.size === 0 ? [] : await findingsOf(staged, first, options),
    example: [...first.values()][0]?.played.schedule ?? null,
    bound,
    wallMs,
  };
}

/** Plays a schedule and judges it; null where it cannot be played, because the calls behave differently. */
export async function playAndJudge(
  staged: Staged,
  schedule: readonly Choice[],
  patience?: number,
): Promise<{ readonly played: Played; readonly judged: Judged } | null> {
  const options = { ...explorationOf(staged), ...given({ patience }) };
  const played = await playSchedule(staged.place.ground, staged.calls, schedule, options);
  return played === null ? null : { played, judged: new Judge(staged).judge(played) };
}

/** One for each law that broke, but for laws that an earlier one's schedule breaks too; what takes a race comes first. */
async function findingsOf(
  staged: Staged,
  first: ReadonlyMap<string, { readonly law: string; readonly played: Played; readonly judged: Judged }>,
  options: RaceOptions,
): Promise<readonly RaceFinding[]> {
  const { place, raceCase } = staged;
  const inTurn = await brokenInTurn(staged, options);
  const order = (a: readonly [string, { law: string }], b: readonly [string, { law: string }]): number =>
    Number(inTurn.has(a[0])) - Number(inTurn.has(b[0])) || numberOf(a[1].law) - numberOf(b[1].law);
  const findings: RaceFinding[] = [];
  const told = new Set<string>();
  for (const [sort, { law, played, judged }] of [...first].sort(order)) {
    if (told.has(law) || findings.length >= (options.mostFindings ?? 3)) continue;
    const small = options.minimise === false ? null : await smallest(place, raceCase, sort, options);
    const whole = await stage(place, small?.staged.raceCase ?? raceCase);
    const again = await playAndJudge(whole, (small?.played ?? played).schedule, options.patience);
    const shown = again?.judged ?? judged;
    const breach = shown.breaches.find((each) => each.sort === sort);
    const known = breach ?? judged.breaches.find((each) => each.sort === sort);
    if (known === undefined) continue;
    findings.push({
      law,
      finding: known.finding,
      also: [...new Set(shown.breaches.map((each) => each.law))].filter((each) => each !== law),
      staged: whole,
      played: again?.played ?? played,
      history: shown.history,
      alsoInTurn: inTurn.has(sort),
      confirmed: again !== null && breach !== undefined,
    });
    // What is no matter of a race explains nothing that is.
    for (const each of shown.breaches) if (!inTurn.has(sort) || inTurn.has(each.sort)) told.add(each.law);
  }
  return findings;
}

/** The breaches that there are although each call is let come to its end before the next one begins. */
async function brokenInTurn({ place, raceCase }: Staged, options: RaceOptions): Promise<ReadonlySet<string>> {
  const staged = await stage(place, { ...raceCase, extras: raceCase.extras.filter((extra) => extra === 'clock') });
  const judge = new Judge(staged);
  const sorts = new Set<string>();
  const { check, patience } = options;
  const settings = { ...explorationOf(staged), mode: 'raw', inTurn: true, mostSchedules: 500 } as const;
  await explore([place.ground], staged.calls, { ...settings, ...given({ check, patience }) }, (played) => {
    for (const { sort } of judge.judge(played).breaches) sorts.add(sort);
  });
  return sorts;
}

/** Laws come in the order of their numbers, and linearizability last. */
export function numberOf(law: string): number {
  const number = Number(law.slice(1));
  return Number.isNaN(number) ? 100 : number;
}

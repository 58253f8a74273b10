/** Races one case: every order is played and judged, what breaks is made as small as it gets, and played again. */
import type { Finding } from '../../laws/finding.ts';
import { bySeverity } from '../../laws/severity.ts';
import type { History } from '../../history/history.ts';
import type { RaceCase } from './case.ts';
import { explore, type Played } from './explore.ts';
import type { Ground } from './ground.ts';
import { Judge, type Judged } from './judge.ts';
import { playSchedule } from './play-schedule.ts';
import type { Choice } from './schedule.ts';
import { explorationOf, given, type RaceOptions } from './settings.ts';
import { smallest, type Smallest } from './smallest.ts';
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
  /** Null where a step can also crash or lose its answer. */
  readonly rawAtMost: number | null;
  /** How the calls ended, with how many schedules ended so. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** By law, how many schedules broke it, the worst law first. A schedule that breaks it was replayed and broke it again. */
  readonly broken: ReadonlyMap<string, number>;
  /** By law, how many schedules broke it, where none of those replayed broke it again. */
  readonly unrepeated: ReadonlyMap<string, number>;
  /** Laws that some schedule tested and none broke. */
  readonly kept: readonly string[];
  /** Whether some call was carried out: any reply but `failed`, which is the right reply while the store is declared to fail. */
  readonly succeeded: boolean;
  readonly undecided: readonly string[];
  /** Laws that no order tested, because the service does not tell what they need or the race has none of it. */
  readonly notJudged: ReadonlyMap<string, string>;
  readonly findings: readonly RaceFinding[];
  /** The first order that broke something. */
  readonly example: readonly Choice[] | null;
  /** The bound that was met; null when everything was played. */
  readonly bound: string | null;
  readonly wallMs: number;
}

/** Whether something was left out or left open, or nothing was tested, so that nothing is proved although nothing broke. */
export function isInconclusive(result: RaceResult): boolean {
  const { bound, chosen, undecided, unrepeated, kept, broken, succeeded } = result;
  const isTested = broken.size > 0 || (kept.length > 0 && succeeded);
  return bound !== null || chosen > 0 || undecided.length > 0 || unrepeated.size > 0 || !isTested;
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
  const judge = new Judge(staged, options.patience);
  const outcomes = new Map<string, number>();
  const seen = new Map<string, number>();
  let succeeded = staged.place.fault !== null;
  const kept = new Set<string>();
  const undecided = new Set<string>();
  const notJudged = new Map<string, string>();
  const first = new Map<string, Found>();
  const explored = await explore(
    [...stages.keys()],
    staged.calls,
    {
      ...explorationOf(staged),
      ...options,
      look: (ground) => stages.get(ground)?.place.rows() ?? Promise.resolve(null),
    },
    async (played, ground) => {
      const judged = await judge.judge(played, stages.get(ground)?.place);
      outcomes.set(judged.outcome, (outcomes.get(judged.outcome) ?? 0) + 1);
      for (const law of judged.kept) kept.add(law);
      for (const law of judged.undecided) undecided.add(law);
      for (const [law, reason] of judged.notJudged) if (!notJudged.has(law)) notJudged.set(law, reason);
      succeeded ||= judged.succeeded;
      for (const law of new Set(judged.breaches.map((breach) => breach.law))) seen.set(law, (seen.get(law) ?? 0) + 1);
      for (const { sort, law } of judged.breaches) if (!first.has(sort)) first.set(sort, { law, played, judged });
      return options.stopAtFirst === true && judged.breaches.length > 0 ? 'stop' : undefined;
    },
  );
  const { schedules, pruned, chosen, rawAtMost, bound, wallMs } = explored;
  const findings = seen.size === 0 ? [] : await findingsOf(staged, first, options);
  const worstFirst = [...seen].sort(([a], [b]) => bySeverity(a, b));
  const repeats = repeatedIn(findings);
  return {
    staged,
    schedules,
    pruned,
    chosen,
    rawAtMost,
    outcomes,
    broken: new Map(worstFirst.filter(([law]) => repeats(law))),
    unrepeated: new Map(worstFirst.filter(([law]) => !repeats(law))),
    kept: [...kept].filter((law) => !seen.has(law)).sort((a, b) => numberOf(a) - numberOf(b)),
    succeeded,
    undecided: [...undecided],
    notJudged: new Map([...notJudged].filter(([law]) => !kept.has(law) && !seen.has(law))),
    findings,
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
  return played === null ? null : { played, judged: await new Judge(staged, patience).judge(played) };
}

/** The first order that broke a law in one way. */
interface Found {
  readonly law: string;
  readonly played: Played;
  readonly judged: Judged;
}

/**
 * One for each law that broke, but for laws that an earlier one's schedule breaks too. What takes a race comes first, then
 * the worst. Every breach is replayed until `mostFindings` broke again.
 */
async function findingsOf(
  staged: Staged,
  first: ReadonlyMap<string, Found>,
  options: RaceOptions,
): Promise<readonly RaceFinding[]> {
  const { place, raceCase } = staged;
  const inTurn = await brokenInTurn(staged, options);
  const lawsInTurn = new Set([...inTurn.values()].map(({ law }) => law));
  // A law that breaks without a race is shown without one, so that no race is blamed for it.
  const rank = ([sort, { law }]: readonly [string, Found]): number => Number(lawsInTurn.has(law) && !inTurn.has(sort));
  const order = (a: readonly [string, Found], b: readonly [string, Found]): number =>
    Number(lawsInTurn.has(a[1].law)) - Number(lawsInTurn.has(b[1].law)) ||
    bySeverity(a[1].law, b[1].law) ||
    rank(a) - rank(b);
  const most = options.mostFindings ?? 3;
  const findings: RaceFinding[] = [];
  const told = new Set<string>();
  let confirmed = 0;
  for (const [sort, { law, played, judged }] of [...new Map([...inTurn, ...first])].sort(order)) {
    if (told.has(law) || confirmed >= most || findings.length >= 2 * most) continue;
    const small = options.minimise === false ? null : await smallest(place, raceCase, sort, options);
    const again =
      (small === null ? null : await replay(place, small.staged.raceCase, small.played, sort, options)) ??
      (await replay(place, raceCase, played, sort, options));
    const shown = again ?? { staged: await stage(place, raceCase), played, judged };
    const breach = shown.judged.breaches.find((each) => each.sort === sort);
    if (breach === undefined) continue;
    findings.push({
      law,
      finding: breach.finding,
      also: [...new Set(shown.judged.breaches.map((each) => each.law))].filter((each) => each !== law),
      staged: shown.staged,
      played: shown.played,
      history: shown.judged.history,
      alsoInTurn: lawsInTurn.has(law),
      confirmed: again !== null,
    });
    if (again === null) continue;
    confirmed += 1;
    // What is no matter of a race explains nothing that is.
    for (const each of shown.judged.breaches) {
      if (!lawsInTurn.has(law) || lawsInTurn.has(each.law)) told.add(each.law);
    }
  }
  return findings;
}

/** Plays a schedule once more; null where it does not break the law in the same way again. */
async function replay(
  place: Place,
  raceCase: RaceCase,
  { schedule }: Played,
  sort: string,
  { patience }: RaceOptions,
): Promise<Smallest | null> {
  const staged = await stage(place, raceCase);
  const again = await playAndJudge(staged, schedule, patience);
  return again?.judged.breaches.some((breach) => breach.sort === sort) === true ? { staged, ...again } : null;
}

/** Whether a law that was seen to break is to be believed: of the breaches that were replayed, none failed to repeat. */
function repeatedIn(findings: readonly RaceFinding[]): (law: string) => boolean {
  const confirmed = findings.filter((found) => found.confirmed);
  const repeated = new Set(confirmed.flatMap(({ law, also }) => [law, ...also]));
  const failed = new Set(findings.map(({ law }) => law));
  // Laws beyond the bound on findings were not replayed. They are believed if any other was confirmed.
  return (law) => findings.length === 0 || repeated.has(law) || (confirmed.length > 0 && !failed.has(law));
}

/** The breaches that there are although each call is let come to its end before the next one begins. */
async function brokenInTurn({ place, raceCase }: Staged, options: RaceOptions): Promise<ReadonlyMap<string, Found>> {
  const staged = await stage(place, { ...raceCase, extras: raceCase.extras.filter((extra) => extra === 'clock') });
  const judge = new Judge(staged, options.patience);
  const found = new Map<string, Found>();
  const { check, patience } = options;
  const settings = { ...explorationOf(staged), mode: 'raw', inTurn: true, mostSchedules: 500 } as const;
  await explore([place.ground], staged.calls, { ...settings, ...given({ check, patience }) }, async (played) => {
    const judged = await judge.judge(played);
    for (const { sort, law } of judged.breaches) if (!found.has(sort)) found.set(sort, { law, played, judged });
  });
  return found;
}

/** Laws come in the order of their numbers, and linearizability last. */
export function numberOf(law: string): number {
  const number = Number(law.slice(1));
  return Number.isNaN(number) ? 100 : number;
}

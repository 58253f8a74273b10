/** What `seatproof race` does: plays the orders, prints what came of them, and saves the schedules that break something. */
import { isRaceFault } from '../search/race/fault.ts';
import {
  callsInWords,
  ISOLATIONS,
  parseCalls,
  SEAT_IN_WORDS,
  seatFor,
  type Extra,
  type RaceCase,
  type SeatState,
} from '../search/race/case.ts';
import { isInconclusive, race, type RaceResult } from '../search/race/race.ts';
import type { SharedAddress } from '../search/race/shared-address.ts';
import type { Isolation } from '../search/race/statement.ts';
import { racesAsJson } from '../report/race-json.ts';
import { faultText, raceReport, type RaceReport } from '../report/race-report.ts';
import type { Design } from '../designs/design.ts';
import { withItsRequests } from '../world/requests.ts';
import { print, wantsColour } from './console.ts';
import { resolveDesign } from './design-flag.ts';
import { EXIT } from './failures.ts';
import { listenForInterrupts, type Interrupts } from './interrupts.ts';
import { wrongUsage, type TargetName } from './options.ts';
import { openReportFolder } from './output.ts';
import { openProgress, type Progress } from './progress.ts';
import { findingReport, RACES, savedFile } from './race-files.ts';
import { openAddress, openPlaces, placeFor, type RacePlaces } from './race-place.ts';

export interface RaceFlags {
  readonly design: string;
  readonly calls: string;
  readonly seat?: SeatState;
  /** Empty where nothing was said. */
  readonly isolation: readonly ('read-committed' | 'repeatable-read' | 'serializable')[];
  readonly extra: readonly Extra[];
  /** Absent where the design decides. */
  readonly on?: 'memory' | Extract<TargetName, 'postgres'>;
  readonly postgres: string;
  readonly raw?: boolean;
  readonly maxSchedules: number;
  readonly lanes: number;
  readonly replay?: string;
  readonly prove?: boolean;
  readonly pairs?: boolean;
  readonly mutants?: boolean;
  readonly free?: boolean;
  readonly for: number;
  readonly out: string;
  readonly json?: true;
  readonly color: boolean;
}

export interface RaceRun {
  readonly flags: RaceFlags;
  /** The design of the flag; a replay and the mutants have their own. */
  readonly design: Design;
  readonly on: 'memory' | 'postgres';
  /** That in `DATABASE_URL`; null where it is not set for the race. */
  readonly address: SharedAddress | null;
  readonly interrupts: Interrupts;
  readonly progress: Progress;
  /** What is said when it is interrupted. */
  soFar: string;
}

/** Returns the exit code. */
export async function runRace(flags: RaceFlags): Promise<number> {
  checkTogether(flags);
  const progress = await openProgress();
  const interrupts = listenForInterrupts(() => run.soFar);
  const run: { soFar: string } = { soFar: 'nothing was saved' };
  let address: SharedAddress | null = null;
  try {
    // Before the module of the design is loaded.
    address = await openAddress(flags);
    const opened = await resolveDesign(flags.design, 'race');
    const design = await withItsRequests(opened.design);
    const on = placeFor(flags.on, design);
    checkPlace(flags, on);
    return await (
      await kindOf(flags)
    )(Object.assign(run, { flags, design, on, address, interrupts, progress }));
  } catch (error) {
    progress.stop();
    interrupts.check();
    if (!isRaceFault(error)) throw error;
    print(faultText(flags.design, error.message, error.fix, wantsColour(flags.color)));
    return EXIT.finding;
  } finally {
    await address?.close();
    progress.stop();
    interrupts.dispose();
  }
}

async function kindOf({ replay, mutants, prove, free }: RaceFlags): Promise<(run: RaceRun) => Promise<number>> {
  if (replay !== undefined) return (await import('./race-replay.ts')).replaySchedule;
  if (mutants === true) return (await import('./race-mutants.ts')).raceMutants;
  if (prove === true) return (await import('./race-prove.ts')).raceAll;
  return free === true ? (await import('./race-free.ts')).raceFreely : raceOrders;
}

function checkTogether({ replay, mutants, prove, free, json, out }: RaceFlags): void {
  const kinds = [
    replay !== undefined && '--replay',
    mutants === true && '--mutants',
    prove === true && '--prove',
    free === true && '--free',
  ];
  const named = kinds.filter((kind) => kind !== false);
  if (named.length > 1)
    throw wrongUsage(`${named.join(' and ')} cannot be combined`, `seatproof race ${named[0] ?? ''}`);
  if (json === true && named.length > 0) {
    throw wrongUsage(`--json and ${named[0] ?? ''} cannot be combined`, 'seatproof race --json');
  }
  if (out === '') throw wrongUsage('a path is empty; is a variable unset?', 'seatproof race --out reports');
}

function checkPlace({ mutants, free, postgres }: RaceFlags, on: 'memory' | 'postgres'): void {
  if (on === 'memory' && postgres !== 'embedded') {
    throw wrongUsage(
      '--postgres says which Postgres to race on, and --on memory needs none',
      'seatproof race --on memory',
    );
  }
  if (on === 'memory' && (free === true || mutants === true)) {
    throw wrongUsage(
      `${free === true ? '--free' : '--mutants'} needs a database`,
      `seatproof race ${free === true ? '--free' : '--mutants'}`,
    );
  }
}

/** The case that the flags describe, at the first of the levels. */
export function caseOf({ flags, on }: Pick<RaceRun, 'flags' | 'on'>): RaceCase {
  const calls = parseCalls(flags.calls);
  const [isolation] = levelsOf(flags, on);
  return { calls, seat: flags.seat ?? seatFor(calls), isolation, extras: flags.extra };
}

/** In memory there are no levels; what is one step is one at any of them. */
export function levelsOf(
  { isolation, prove }: RaceFlags,
  on: 'memory' | 'postgres',
): readonly [Isolation, ...Isolation[]] {
  const [first, ...rest] = isolation.map((flag) => flag.replace('-', ' ') as Isolation);
  if (on === 'memory') return [first ?? 'read committed'];
  return first === undefined ? (prove === true ? ISOLATIONS : ['read committed']) : [first, ...rest];
}

async function raceOrders(run: RaceRun): Promise<number> {
  const { flags, design, on, interrupts, progress } = run;
  const raceCase = caseOf(run);
  progress.show('setting up');
  const places = await openPlaces(design, on, flags, run.address);
  const codes: number[] = [];
  const reports: RaceReport[] = [];
  try {
    for (const isolation of levelsOf(flags, on)) {
      progress.show(`racing, ${isolation}`);
      const result = await race(places.places, { ...raceCase, isolation }, optionsOf(flags, interrupts));
      if (flags.json !== true) {
        codes.push(await tell(run, places, result));
        continue;
      }
      await save(run, places, result);
      reports.push(reportOf(flags, design.breaks, places, result));
      codes.push(codeOf(result, design));
    }
    progress.stop();
    if (flags.json === true) print(racesAsJson(reports));
  } finally {
    await places.close();
  }
  return worstOf(codes);
}

export function optionsOf(flags: RaceFlags, interrupts: Interrupts) {
  return {
    mode: flags.raw === true ? 'raw' : 'reduced',
    mostSchedules: flags.maxSchedules,
    check: () => interrupts.check(),
  } as const;
}

/** Saves the findings and prints the report; returns the exit code. */
export async function tell(run: RaceRun, places: RacePlaces, result: RaceResult): Promise<number> {
  const { flags, design, progress } = run;
  await save(run, places, result);
  progress.stop();
  print(raceReport(reportOf(flags, design.breaks, places, result), wantsColour(flags.color)));
  return codeOf(result, design);
}

async function save({ flags, design }: RaceRun, { on }: RacePlaces, { findings }: RaceResult): Promise<void> {
  const files = findings.filter(({ law }) => !design.breaks.includes(law)).map((found) => savedFile(flags, on, found));
  if (files.length > 0) await (await openReportFolder(`${flags.out}/${RACES}`)).write(files);
}

function codeOf(result: RaceResult, { breaks }: Design): number {
  if (unexpectedIn(result, breaks).length > 0) return EXIT.finding;
  return isInconclusive(result) ? EXIT.inconclusive : EXIT.passed;
}

/** Laws that broke, and that the design does not declare to break, each with the number of orders. */
export function unexpectedIn(
  { broken }: Pick<RaceResult, 'broken'>,
  breaks: readonly string[],
): readonly (readonly [string, number])[] {
  return [...broken].filter(([law]) => !breaks.includes(law));
}

function worstOf(codes: readonly number[]): number {
  return [EXIT.finding, EXIT.inconclusive].find((code) => codes.includes(code)) ?? EXIT.passed;
}

function reportOf(
  flags: RaceFlags,
  breaks: readonly string[],
  { where, on }: RacePlaces,
  result: RaceResult,
): RaceReport {
  const { staged } = result;
  const findings = result.findings.filter(({ law }) => !breaks.includes(law));
  const { raceCase, place } = staged;
  return {
    design: place.name,
    where: on === 'memory' ? where : `${where}, ${raceCase.isolation}`,
    calls: callsInWords(raceCase.calls),
    seat: SEAT_IN_WORDS[raceCase.seat],
    extras: raceCase.extras.map((extra) => EXTRA_IN_WORDS[extra]),
    granularity: GRANULARITY[on],
    schedules: result.schedules,
    pruned: result.pruned,
    chosen: result.chosen,
    rawAtMost: result.rawAtMost,
    reduced: flags.raw !== true,
    outcomes: [...result.outcomes],
    broken: unexpectedIn(result, breaks),
    expected: [...result.broken].filter(([law]) => breaks.includes(law)),
    declaredButKept: breaks.filter((law) => result.kept.includes(law)),
    unrepeated: [...result.unrepeated],
    kept: result.kept,
    notJudged: [...result.notJudged],
    succeeded: result.succeeded,
    undecided: result.undecided,
    bound: result.bound,
    wallMs: result.wallMs,
    findings: findings.map((found) => findingReport(found, savedFile(flags, on, found).name, flags)),
  };
}

/** What a race interleaves. */
export const GRANULARITY: Record<'memory' | 'postgres', string> = {
  memory: 'accesses to the store taken whole: what happens within one is not interleaved',
  postgres: 'statements taken whole: what happens within one is not interleaved',
};

export const EXTRA_IN_WORDS: Record<Extra, string> = {
  clock: 'the clock passes each deadline',
  crash: 'a caller crashes between any two statements, and while it waits',
  lost: 'an answer of the database is lost',
};

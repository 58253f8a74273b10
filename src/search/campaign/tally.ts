/** What a number of runs has seen, as data that adds up. */
import type { Granularity } from '../../designs/design.ts';
import type { History } from '../../history/history.ts';
import type { Verdict } from '../../laws/law.ts';
import { measureOverlap } from '../../laws/overlap.ts';
import { countReached } from '../../laws/reach.ts';
import { SERVICE_ANSWERS } from '../../laws/service-answers.ts';
import type { Breach } from './breaches.ts';

export interface Tally {
  runs: number;
  /** What the runs interleaved; null before the first of them. */
  granularity: Granularity | null;
  /** True time of all runs together, in milliseconds. */
  simulatedMs: number;
  /** Commands that reached a server. */
  commands: number;
  /** Commands that the server carried out: any reply but `failed`. */
  succeeded: number;
  /** The longest time that two devices worked at once on one seat. True time. */
  worstOverlapMs: number;
  readonly laws: Record<string, LawTally>;
  /** How often each reach goal was reached. */
  readonly goals: Record<string, number>;
  readonly broken: Record<string, BrokenTally>;
  /** The first run that took another course when it was played again; null where none did. */
  unsteady: number | null;
  /** The first run that the design did not finish; null where it finished all. */
  lost: number | null;
}

export interface LawTally {
  /** In how many runs its verdict was broken, also where the breach is counted as a failure of the design. */
  broken: number;
  /** How often it was tested. */
  tested: number;
  /** In how many runs it could not be judged. */
  notJudged: number;
  /** The reasons, each once, at most `MOST_REASONS`. */
  reasons: readonly string[];
}

export interface BrokenTally {
  /** In how many runs a code broke. */
  runs: number;
  /** The first of these runs, at most `MOST_FIRST`, ascending. */
  first: readonly number[];
}

const MOST_REASONS = 3;
const MOST_FIRST = 3;

export function emptyTally(): Tally {
  return {
    runs: 0,
    granularity: null,
    simulatedMs: 0,
    commands: 0,
    succeeded: 0,
    worstOverlapMs: 0,
    laws: {},
    goals: {},
    broken: {},
    unsteady: null,
    lost: null,
  };
}

export function addRun(
  tally: Tally,
  run: number,
  history: History,
  verdicts: readonly Verdict[],
  breaches: readonly Breach[],
): void {
  tally.runs += 1;
  tally.simulatedMs += history.events.at(-1)?.at ?? 0;
  tally.worstOverlapMs = Math.max(tally.worstOverlapMs, measureOverlap(history));
  for (const event of history.events) {
    if (event.type === 'called') tally.commands += 1;
    if (event.type === 'answered' && event.reply.type !== 'failed') tally.succeeded += 1;
  }
  for (const { code, tested, outcome, notJudged } of verdicts) {
    const isUnjudged = outcome === 'not-judged';
    addLaw(tally, code, {
      broken: outcome === 'broken' ? 1 : 0,
      // A run can test a law and still not judge it, for example when a search met its bound. It shows no law as kept.
      tested: isUnjudged ? 0 : tested,
      notJudged: isUnjudged ? 1 : 0,
      reasons: isUnjudged && notJudged !== null ? [notJudged] : [],
    });
  }
  for (const [name, count] of countReached(history)) tally.goals[name] = (tally.goals[name] ?? 0) + count;
  for (const { code } of breaches) addBreach(tally, code, run);
}

/** Adds what `other` has seen, in whatever order the two came about. */
export function addTally(tally: Tally, other: Tally): void {
  tally.runs += other.runs;
  tally.granularity ??= other.granularity;
  tally.simulatedMs += other.simulatedMs;
  tally.commands += other.commands;
  tally.succeeded += other.succeeded;
  tally.worstOverlapMs = Math.max(tally.worstOverlapMs, other.worstOverlapMs);
  for (const [code, law] of Object.entries(other.laws)) addLaw(tally, code, law);
  for (const [name, count] of Object.entries(other.goals)) tally.goals[name] = (tally.goals[name] ?? 0) + count;
  for (const [code, broken] of Object.entries(other.broken)) addBroken(tally, code, broken);
  tally.unsteady = firstOf(tally.unsteady, other.unsteady);
  tally.lost = firstOf(tally.lost, other.lost);
}

/** Adds a run that the design did not finish. It breaks P0, although no verdict exists. */
export function addHungRun(tally: Tally, run: number): void {
  tally.runs += 1;
  tally.lost ??= run;
  addLaw(tally, SERVICE_ANSWERS.code, { broken: 1, tested: 1, notJudged: 0, reasons: [] });
  addBreach(tally, 'hung', run);
}

function addBreach(tally: Tally, code: string, run: number): void {
  addBroken(tally, code, { runs: 1, first: [run] });
}

/** Whether a code broke that is not among the `expected`. */
export function hasBroken({ broken }: Tally, expected: readonly string[]): boolean {
  return Object.keys(broken).some((code) => !expected.includes(code));
}

function addLaw(tally: Tally, code: string, { broken, tested, notJudged, reasons }: Readonly<LawTally>): void {
  const law = (tally.laws[code] ??= { broken: 0, tested: 0, notJudged: 0, reasons: [] });
  law.broken += broken;
  law.tested += tested;
  law.notJudged += notJudged;
  if (reasons.length > 0) law.reasons = [...new Set([...law.reasons, ...reasons])].slice(0, MOST_REASONS);
}

function addBroken(tally: Tally, code: string, { runs, first }: Readonly<BrokenTally>): void {
  const known = (tally.broken[code] ??= { runs: 0, first: [] });
  known.runs += runs;
  known.first = [...known.first, ...first].sort((a, b) => a - b).slice(0, MOST_FIRST);
}

function firstOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

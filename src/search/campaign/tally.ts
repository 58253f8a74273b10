/** What a number of runs has seen, as data that adds up. */
import type { History } from '../../history/history.ts';
import type { Verdict } from '../../laws/law.ts';
import { measureOverlap } from '../../laws/overlap.ts';
import { countReached } from '../../laws/reach.ts';
import type { Breach } from './breaches.ts';

export interface Tally {
  runs: number;
  /** True time of all runs together, in milliseconds. */
  simulatedMs: number;
  /** Commands that reached a server. */
  commands: number;
  /** The longest time that two devices worked at once on one seat. True time. */
  worstOverlapMs: number;
  readonly laws: Record<string, LawTally>;
  /** How often each reach goal was reached. */
  readonly goals: Record<string, number>;
  /** For each code that broke: in how many runs, and the first of them. */
  readonly broken: Record<string, { runs: number; first: number }>;
}

export interface LawTally {
  /** How often it was put to the test. */
  tested: number;
  /** In how many runs it could not be judged, and why in the first of them. */
  notJudged: number;
  why: string | null;
}

export function emptyTally(): Tally {
  return { runs: 0, simulatedMs: 0, commands: 0, worstOverlapMs: 0, laws: {}, goals: {}, broken: {} };
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
  for (const { type } of history.events) if (type === 'called') tally.commands += 1;
  for (const { code, tested, outcome, notJudged } of verdicts) {
    const law = (tally.laws[code] ??= { tested: 0, notJudged: 0, why: null });
    law.tested += tested;
    if (outcome !== 'not-judged') continue;
    law.notJudged += 1;
    law.why ??= notJudged;
  }
  for (const [name, count] of countReached(history)) tally.goals[name] = (tally.goals[name] ?? 0) + count;
  for (const { code } of breaches) addBreach(tally, code, run, 1);
}

/** Adds what `other` has seen, in whatever order the two came about. */
export function addTally(tally: Tally, other: Tally): void {
  tally.runs += other.runs;
  tally.simulatedMs += other.simulatedMs;
  tally.commands += other.commands;
  tally.worstOverlapMs = Math.max(tally.worstOverlapMs, other.worstOverlapMs);
  for (const [code, { tested, notJudged, why }] of Object.entries(other.laws)) {
    const law = (tally.laws[code] ??= { tested: 0, notJudged: 0, why: null });
    law.tested += tested;
    law.notJudged += notJudged;
    law.why ??= why;
  }
  for (const [name, count] of Object.entries(other.goals)) tally.goals[name] = (tally.goals[name] ?? 0) + count;
  for (const [code, { runs, first }] of Object.entries(other.broken)) addBreach(tally, code, first, runs);
}

export function addBreach(tally: Tally, code: string, first: number, runs: number): void {
  const known = tally.broken[code];
  if (known === undefined) tally.broken[code] = { runs, first };
  else {
    known.runs += runs;
    known.first = Math.min(known.first, first);
  }
}

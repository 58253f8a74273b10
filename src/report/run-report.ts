/** What a report is made of: everything that one run of scenarios found out, as data. */
import { counted } from './counts.ts';
import type { History } from '../history/history.ts';
import type { Finding } from '../laws/finding.ts';
import type { Verdict } from '../laws/law.ts';

export interface RunReport {
  /** The version of Seatproof. */
  readonly tool: string;
  /** How the command is given here, `npx seatproof`. */
  readonly command: string;
  /** What orders were drawn with; a whole number below 2^32. */
  readonly seed: number;
  /** Wall clock, as `2026-11-21T11:00:00.000Z`. */
  readonly startedAt: string;
  readonly wallMs: number;
  /** What the scenarios were played on, in that order. */
  readonly targets: readonly Target[];
  /** One for each scenario on each target, in the order in which they were played. */
  readonly played: readonly Played[];
  /** Scenarios that could not be played, and why. */
  readonly skipped?: readonly Skipped[];
  /** None where only a part of a suite was played, of which they would say nothing. */
  readonly goals: readonly GoalReached[];
  /** Files written besides the text, as the user may name them. */
  readonly files: readonly string[];
}

export interface Skipped {
  readonly title: string;
  readonly file: string;
  /** Counted from 1; null where it is not known. */
  readonly line: number | null;
  readonly reason: string;
}

export interface Target {
  /** As in `Played.on`: `model`, `postgres`. */
  readonly name: string;
  /** What it is, `PostgreSQL 18.4 (embedded)`. */
  readonly about: string;
  /** The flags that choose it again, `--on postgres --postgres container`. */
  readonly flags: string;
}

/** One scenario on one target. */
export interface Played {
  readonly title: string;
  readonly about: string | null;
  /** Relative to the folder in which the command was given. */
  readonly file: string;
  /** Counted from 1; null where it is not known. */
  readonly line: number | null;
  /** The folder that the file is in, `s0`. */
  readonly group: string;
  readonly on: string;
  readonly result: Result;
  /** Why it is inconclusive, where that is not because of its orders; null otherwise. */
  readonly doubt: string | null;
  /** The first is the one to show. */
  readonly findings: readonly Finding[];
  /** Codes of laws that the scenario says it puts to the test. */
  readonly proves: readonly string[];
  /** Codes of laws that the scenario says its policy breaks by nature. */
  readonly breaks: readonly string[];
  /** Codes of laws that its design declares to break. */
  readonly declared?: readonly string[];
  readonly verdicts: readonly Verdict[];
  /** Expectations and claims that could not be judged, `the expectation at 80s`, and why. */
  readonly unjudged?: readonly Unjudged[];
  /** Orders of its concurrent steps: how many were played, of how many there are. */
  readonly orders: { readonly played: number; readonly total: number };
  /** Commands that were answered, over all orders played. */
  readonly commands: number;
  /** The history to draw. */
  readonly history: History;
  /** The file in which that history is kept, relative to the report; null where it is not kept. */
  readonly historyFile: string | null;
  readonly durationMs: number;
}

export interface Unjudged {
  readonly what: string;
  readonly why: string;
}

export type Result = 'passed' | 'failed' | 'inconclusive';

/** Something that must be seen at least once, and how often it was. */
export interface GoalReached {
  readonly name: string;
  readonly statement: string;
  readonly count: number;
}

/** Laws that a design declares to break, and that everything played has tested and kept, in sentences. */
export function neverBroken(played: readonly Pick<Played, 'declared' | 'verdicts'>[]): readonly string[] {
  const codes = [...new Set(played.flatMap(({ declared = [] }) => declared))];
  return codes.flatMap((code) => {
    const verdicts = played
      .filter(({ declared = [] }) => declared.includes(code))
      .flatMap((each) => each.verdicts.filter((verdict) => verdict.code === code));
    const tested = verdicts.reduce((sum, verdict) => sum + verdict.tested, 0);
    if (tested === 0 || verdicts.some(({ outcome }) => outcome === 'broken')) return [];
    return [`${code} is declared to break, but ${counted(tested, 'test')} kept it; remove it from breaks`];
  });
}

/** The result of all: failed too where a design declares a law that never broke. */
export function resultOfRun(played: readonly Played[]): Result {
  return neverBroken(played).length > 0 ? 'failed' : resultOf(played);
}

/** Failed if anything failed, otherwise inconclusive if anything was, or if nothing was played. */
export function resultOf(played: readonly { readonly result: Result }[]): Result {
  if (played.length === 0) return 'inconclusive';
  if (played.some(({ result }) => result === 'failed')) return 'failed';
  return played.some(({ result }) => result === 'inconclusive') ? 'inconclusive' : 'passed';
}

/** A seed as it is printed and can be given again: `0x5eed0001`. */
export function formatSeed(seed: number): string {
  return `0x${seed.toString(16).padStart(8, '0')}`;
}

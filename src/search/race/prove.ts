/** Races every combination of calls on every state of a seat: a proof for all of them, or the first that breaks. */
import {
  callText,
  combinations,
  isEnded,
  parseCalls,
  requestOf,
  seatsUnder,
  type CallSpec,
  type Extra,
  type RaceCase,
} from './case.ts';
import { isInconclusive, numberOf, race, type RaceResult } from './race.ts';
import type { RaceOptions } from './settings.ts';
import type { Isolation } from './statement.ts';
import type { Place } from './stage.ts';

/** Every command, of the holder's device, of another, and of one more. */
const ALL_CALLS = 'start:laptop,start:desktop,start:tablet,takeover:desktop,retry';
const OTHER_CALLS = 'heartbeat,end,status,sweep';

export interface ProofOptions extends RaceOptions {
  /** How many calls meet. */
  readonly sizes: readonly number[];
  readonly isolations: readonly Isolation[];
  readonly extras: readonly Extra[];
  readonly onCase?: (done: number, total: number, raceCase: RaceCase) => void;
}

export interface Proof {
  readonly cases: number;
  readonly schedules: number;
  /** Null where a step can also crash or lose its answer. */
  readonly rawAtMost: number | null;
  /** By law, in how many cases it was put to the test. */
  readonly kept: ReadonlyMap<string, number>;
  /** Laws that no case tested, with the reason. */
  readonly notJudged: ReadonlyMap<string, string>;
  /** Those in which something broke. */
  readonly broken: readonly RaceResult[];
  /** Those in which something was left out or left open. */
  readonly inconclusive: readonly RaceResult[];
  readonly wallMs: number;
}

/** Cases are shared out among the places, which are alike. */
export async function prove(places: readonly Place[], options: ProofOptions): Promise<Proof> {
  const begun = performance.now();
  const cases = [...casesOf(places[0] as Place, options)];
  const kept = new Map<string, number>();
  const unjudged = new Map<string, string>();
  const broken: RaceResult[] = [];
  const inconclusive: RaceResult[] = [];
  let [next, schedules] = [0, 0];
  let rawAtMost: number | null = 0;
  const work = async (place: Place): Promise<void> => {
    for (let at = next++; at < cases.length; at = next++) {
      const raceCase = cases[at] as RaceCase;
      options.onCase?.(at, cases.length, raceCase);
      const result = await race([place], raceCase, options);
      schedules += result.schedules;
      rawAtMost = rawAtMost === null || result.rawAtMost === null ? null : rawAtMost + result.rawAtMost;
      for (const [law, reason] of result.notJudged) unjudged.set(law, reason);
      for (const law of result.kept) kept.set(law, (kept.get(law) ?? 0) + 1);
      if (result.broken.size > 0) broken.push(result);
      if (isInconclusive(result)) inconclusive.push(result);
    }
  };
  await Promise.all(places.map(work));
  const inOrder = new Map([...kept].sort(([a], [b]) => numberOf(a) - numberOf(b)));
  const isTested = (law: string): boolean => kept.has(law) || broken.some((result) => result.broken.has(law));
  const notJudged = new Map([...unjudged].filter(([law]) => !isTested(law)));
  const wallMs = performance.now() - begun;
  return { cases: cases.length, schedules, rawAtMost, kept: inOrder, notJudged, broken, inconclusive, wallMs };
}

/** Two devices that nobody has seen yet are alike, so of two such combinations one will do. */
function* casesOf(place: Place, { sizes, isolations, extras }: ProofOptions): Iterable<RaceCase> {
  const all = parseAll().filter((call) => place.has(requestOf(call)));
  for (const isolation of isolations) {
    for (const seat of seatsUnder(place.policy)) {
      if (isEnded(seat) && !place.has('end')) continue;
      const able = seat === 'fresh' ? all.filter(({ command }) => !NEEDS.has(command)) : all;
      for (const size of sizes) {
        for (const calls of combinations(able, size)) {
          if (isFirstOfItsKind(calls)) yield { calls, seat, isolation, extras };
        }
      }
    }
  }
}

const NEEDS: ReadonlySet<CallSpec['command']> = new Set(['takeover', 'retry', 'heartbeat', 'end'] as const);

function parseAll(): readonly CallSpec[] {
  return [...parseCalls(ALL_CALLS), ...parseCalls(OTHER_CALLS)];
}

/** Where a tablet comes without a desktop, the same has been raced with a desktop. */
function isFirstOfItsKind(calls: readonly CallSpec[]): boolean {
  const texts = calls.map(callText);
  const count = (text: string): number => texts.filter((each) => each === text).length;
  return count('start:tablet') <= count('start:desktop') || texts.includes('takeover:desktop');
}

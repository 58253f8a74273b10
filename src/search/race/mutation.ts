/** Looks for a race that catches a mutant: pairs of calls on every state of the seat, those of its own command first. */
import { isUsageError } from '../../core/failures.ts';
import type { Mutant } from '../../designs/sql/mutants.ts';
import type { PostgresServer } from '../../postgres/server.ts';
import {
  callText,
  combinations,
  parseCalls,
  seatsUnder,
  type CallSpec,
  type RaceCase,
  type SeatState,
} from './case.ts';
import { isRaceFault } from './fault.ts';
import { onDatabase, type DatabasePlace } from './place.ts';
import { playAndJudge, race, type RaceResult } from './race.ts';
import { stage } from './stage.ts';

export interface Caught {
  readonly mutant: Mutant;
  /** `start:desktop,start:tablet on a fresh seat`; null where no race caught it. */
  readonly by: string | null;
  readonly laws: readonly string[];
  /** Schedules that were played until then. */
  readonly schedules: number;
}

/** A law that the reference itself does not keep under that policy, on that case, catches nothing. */
export async function catchMutant(
  server: PostgresServer,
  mutant: Mutant,
  check: () => void = () => undefined,
): Promise<Caught> {
  const place = await onDatabase(server, mutant.design);
  const whole = await onDatabase(server, mutant.whole);
  let schedules = 0;
  try {
    for (const raceCase of casesFor(mutant)) {
      check();
      const by = `${raceCase.calls.map(callText).join(', ')} on ${raceCase.seat}`;
      try {
        const result = await race([place], raceCase, { ...QUICK, stopAtFirst: true });
        schedules += result.schedules;
        const laws = result.example === null ? [] : await newLaws(place, whole, result, raceCase);
        if (laws.length > 0) return { mutant, by, laws, schedules };
      } catch (error) {
        // A mutant may also break in the middle of a call, or before any.
        if (isRaceFault(error) || isUsageError(error)) return { mutant, by, laws: [], schedules };
        throw error;
      }
    }
    return { mutant, by: null, laws: [], schedules };
  } finally {
    await place.close();
    await whole.close();
  }
}

const QUICK = { minimise: false, mostFindings: 0 } as const;

/** First the same order is played on the reference; only where that breaks too, every order of both is. */
async function newLaws(
  place: DatabasePlace,
  whole: DatabasePlace,
  { broken, example }: RaceResult,
  raceCase: RaceCase,
): Promise<readonly string[]> {
  const same = await playAndJudge(await stage(whole, raceCase), example ?? []);
  const kept = [...broken.keys()].filter((law) => !same?.judged.breaches.some((breach) => breach.law === law));
  if (same !== null && kept.length > 0) return kept;
  const all = await race([place], raceCase, QUICK);
  const asItShouldBe = await race([whole], raceCase, QUICK);
  return [...all.broken.keys()].filter((law) => !asItShouldBe.broken.has(law));
}

const CALLS = 'start:desktop,start:laptop,takeover:desktop,retry';
const MORE = 'heartbeat,end,sweep,status,start:tablet';

function* casesFor({ command, clock, design }: Mutant): Iterable<RaceCase> {
  const all = [...parseCalls(CALLS), ...parseCalls(MORE)];
  const own = (spec: CallSpec): boolean =>
    spec.command === command || (command === 'start' && (spec.command === 'takeover' || spec.command === 'retry'));
  const pairs = combinations(all, 2).filter((pair) => pair.some(own));
  const first: readonly SeatState[] = ['live', 'fresh'];
  const seats = [...first, ...seatsUnder(design.policy).filter((seat) => !first.includes(seat))];
  // What it takes the clock to see is a call that waits for a sign of life.
  const renews = (pair: readonly CallSpec[]): number => Number(pair.some((spec) => spec.command === 'heartbeat'));
  if (clock) pairs.sort((a, b) => renews(b) - renews(a));
  const triples = combinations(all, 3).filter((triple) => triple.some(own));
  for (const some of [pairs, triples]) {
    // Seat by seat, because one that is there already need not be made.
    for (const seat of seats) {
      for (const calls of some) {
        const needs = calls.some((spec) => ['takeover', 'retry', 'heartbeat', 'end'].includes(spec.command));
        if (needs && seat === 'fresh') continue;
        yield { calls, seat, isolation: 'read committed', extras: clock ? ['clock'] : [] };
      }
    }
  }
}

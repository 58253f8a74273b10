/** Looks for a race that catches a mutant: pairs of calls on every state of the seat, those of its own command first. */
import type { Mutant } from '../../designs/sql/mutants.ts';
import type { PostgresServer } from '../../postgres/server.ts';
import { callText, combinations, parseCalls, type CallSpec, type RaceCase, type SeatState } from './case.ts';
import { isRaceFault } from './fault.ts';
import { onDatabase } from './place.ts';
import { race } from './race.ts';

export interface Caught {
  readonly mutant: Mutant;
  /** `start:desktop,start:tablet on a fresh seat`; null where no race caught it. */
  readonly by: string | null;
  readonly laws: readonly string[];
  readonly message: string;
  /** Schedules that were played until then. */
  readonly schedules: number;
}

export async function catchMutant(server: PostgresServer, mutant: Mutant, check: () => void = () => undefined): Promise<Caught> {
  const place = await onDatabase(server, mutant.design);
  let schedules = 0;
  try {
    for (const raceCase of casesFor(mutant)) {
      check();
      const by = `${raceCase.calls.map(callText).join(', ')} on ${raceCase.seat}`;
      try {
        const result = await race([place], raceCase, { minimise: false, mostFindings: 1 });
        schedules += result.schedules;
        const [finding] = result.findings;
        if (finding !== undefined) return { mutant, by, laws: [...result.broken.keys()], message: finding.finding.message, schedules };
      } catch (error) {
        // A mutant may also break in the middle of a call.
        if (isRaceFault(error)) return { mutant, by, laws: [], message: error.message, schedules };
        throw error;
      }
    }
    return { mutant, by: null, laws: [], message: '', schedules };
  } finally {
    await place.close();
  }
}

const CALLS = 'start:desktop,start:laptop,takeover:desktop,retry';
const MORE = 'heartbeat,end,sweep,status,start:tablet';

function* casesFor({ command, clock }: Mutant): Iterable<RaceCase> {
  const all = [...parseCalls(CALLS), ...parseCalls(MORE)];
  const own = (spec: CallSpec): boolean => spec.command === command || (command === 'start' && (spec.command === 'takeover' || spec.command === 'retry'));
  const pairs = combinations(all, 2).filter((pair) => pair.some(own));
  const seats: readonly SeatState[] = ['live', 'fresh', 'expired', 'ended'];
  for (const calls of [...pairs, ...combinations(all, 3).filter((triple) => triple.some(own))]) {
    for (const seat of seats) {
      const needs = calls.some((spec) => ['takeover', 'retry', 'heartbeat', 'end'].includes(spec.command));
      if (needs && seat === 'fresh') continue;
      yield { calls, seat, isolation: 'read committed', extras: clock ? ['clock'] : [] };
    }
  }
}

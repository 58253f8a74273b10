/**
 * The same calls without control: many at once for a while, on connections that really run side by side. It reaches what
 * lies within a statement, where the explorer has no step; and it proves nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RaceFault } from './fault.ts';
import { UNTOUCHED } from './footprint.ts';
import { Judge, type Breach } from './judge.ts';
import { uncontrolled, type DatabasePlace } from './place.ts';
import type { RaceCase } from './case.ts';
import { stage, type Staged } from './stage.ts';
import type { Answer, RaceEvent } from './schedule.ts';
import type { History } from '../../history/history.ts';

export interface FreeOptions {
  /** Real milliseconds. */
  readonly forMs: number;
  readonly patience?: number;
  readonly check?: () => void;
}

export interface FreeResult {
  readonly rounds: number;
  readonly calls: number;
  readonly outcomes: ReadonlyMap<string, number>;
  /** By law, in how many rounds it broke. */
  readonly broken: ReadonlyMap<string, number>;
  /** The first breach of each law, with what happened in its round. */
  readonly findings: readonly { readonly breach: Breach; readonly history: History }[];
  readonly wallMs: number;
}

/** Each place plays rounds by itself: everything is put back, all calls begin at once, and what happened is judged. */
export async function runFree(
  places: readonly DatabasePlace[],
  raceCase: RaceCase,
  options: FreeOptions,
): Promise<FreeResult> {
  const begun = performance.now();
  const outcomes = new Map<string, number>();
  const broken = new Map<string, number>();
  const findings = new Map<string, { readonly breach: Breach; readonly history: History }>();
  let [rounds, calls] = [0, 0];
  const work = async (place: DatabasePlace): Promise<void> => {
    const staged = await stage(place, raceCase);
    const judge = new Judge(staged, options.patience);
    while (performance.now() - begun < options.forMs) {
      options.check?.();
      const judged = await judge.judge(await round(place, staged, options.patience ?? 10_000), place);
      rounds += 1;
      calls += staged.calls.length;
      outcomes.set(judged.outcome, (outcomes.get(judged.outcome) ?? 0) + 1);
      for (const law of new Set(judged.breaches.map((each) => each.law))) broken.set(law, (broken.get(law) ?? 0) + 1);
      for (const breach of judged.breaches) {
        if (!findings.has(breach.law)) findings.set(breach.law, { breach, history: judged.history });
      }
    }
  };
  await Promise.all(places.map(work));
  return { rounds, calls, outcomes, broken, findings: [...findings.values()], wallMs: performance.now() - begun };
}

async function round(place: DatabasePlace, staged: Staged, patience: number) {
  await place.lane.reset();
  await place.lane.ready;
  const events: RaceEvent[] = [];
  const answers: Answer[] = [];
  const note = (actor: number, answered: readonly number[], seen?: unknown): void => {
    events.push({ ...NOTHING, actor, answered, clock: staged.now, ...(seen === undefined ? {} : { seen }) });
  };
  // All are on their way before any is answered.
  for (const actor of staged.calls.keys()) note(actor, []);
  const running = staged.calls.map(async (call, actor) => {
    try {
      answers[actor] = { type: 'returned', value: await call.run(uncontrolled(place.lane)) };
    } catch (error) {
      answers[actor] = { type: 'threw', error };
    }
    note(actor, [actor]);
  });
  const late = sleep(patience, 'late', { ref: false });
  if ((await Promise.race([Promise.all(running), late])) === 'late') throw stuckIn(staged, answers, patience);
  const rows = await place.rows();
  if (rows !== null) note(staged.calls.length, [], rows);
  return { schedule: [], events, answers };
}

const NOTHING: Omit<RaceEvent, 'actor' | 'answered' | 'clock'> = {
  act: 'runs',
  what: '',
  kind: 'statement',
  access: null,
  outcome: null,
  waitsFor: [],
  released: [],
  others: [],
  chosen: false,
  footprint: UNTOUCHED,
};

function stuckIn(staged: Staged, answers: readonly Answer[], patience: number): RaceFault {
  const at = staged.calls.findIndex((_, actor) => answers[actor] === undefined);
  return new RaceFault('never-finishes', {
    call: staged.calls[at]?.name ?? 'a call',
    statement: null,
    says: `did not answer within ${patience / 1000} s`,
    fix: 'race it without --free to see what it waits for',
  });
}

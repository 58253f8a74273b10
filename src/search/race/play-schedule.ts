/** Plays one schedule, step by step as it is written. */
import type { RaceCall } from './call.ts';
import { watchConnections } from './client-sockets.ts';
import { DEFAULTS, Execution, type ExecutionOptions } from './execution.ts';
import type { Played } from './explore.ts';
import type { Ground } from './ground.ts';
import { choiceOf, type Answer, type Choice } from './schedule.ts';
import { WokeAnother } from './waiting.ts';

/** A call that opens a connection finds it open when the schedule is played again; one that always opens one does not. */
const MOST_ATTEMPTS = 3;

/**
 * The rest, where the schedule ends before the calls do, is played call by call. Null where the schedule cannot be played,
 * because the calls behave differently.
 */
export async function playSchedule(
  ground: Ground,
  calls: readonly RaceCall[],
  schedule: readonly Choice[],
  options: Partial<ExecutionOptions>,
): Promise<Played | null> {
  for (let attempt = 1; ; attempt++) {
    const { opened } = ground;
    const played = await play(ground, calls, schedule, options);
    if (ground.opened === opened || attempt === MOST_ATTEMPTS) return played;
  }
}

async function play(
  ground: Ground,
  calls: readonly RaceCall[],
  schedule: readonly Choice[],
  options: Partial<ExecutionOptions>,
): Promise<Played | null> {
  const unwatch = watchConnections();
  let execution: Execution | null = null;
  try {
    execution = await Execution.begin(ground, calls, { ...DEFAULTS, ...options });
    const taken: Choice[] = [];
    for (;;) {
      const able = execution.choices();
      const wanted = schedule[taken.length];
      const last = taken.at(-1)?.actor;
      const choice =
        wanted === undefined
          ? (able.find(({ actor, act }) => actor === last && act === 'runs') ?? able[0])
          : execution.can(wanted)
            ? wanted
            : undefined;
      if (choice === undefined) {
        if (wanted !== undefined) return null;
        break;
      }
      taken.push(choice);
      await execution.take(choice);
    }
    if (!execution.complete) throw execution.stuck();
    return {
      schedule: execution.events.map(choiceOf),
      events: execution.events,
      answers: execution.answers() as readonly Answer[],
    };
  } catch (error) {
    if (error instanceof WokeAnother) return null;
    throw error;
  } finally {
    await execution?.abandon();
    unwatch();
  }
}

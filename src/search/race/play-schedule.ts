/** Plays one schedule, step by step as it is written. */
import type { RaceCall } from './call.ts';
import { watchConnections } from './client-sockets.ts';
import { ConnectionOpened, DEFAULTS, Execution, type ExecutionOptions } from './execution.ts';
import type { Played } from './explore.ts';
import type { Ground } from './ground.ts';
import { choiceOf, type Answer, type Choice } from './schedule.ts';
import { WokeAnother } from './waiting.ts';

/** Connections that a schedule may open besides one for each call; a service that opens more opens one for each request. */
const MOST_CONNECTIONS = 4;

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
    try {
      return await play(ground, calls, schedule, { ...options, mayConnect: attempt > calls.length + MOST_CONNECTIONS });
    } catch (error) {
      if (!(error instanceof ConnectionOpened)) throw error;
    }
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
      execution.checkConnections();
    }
    if (!execution.complete) throw execution.stuck();
    return {
      schedule: execution.events.map(choiceOf),
      events: execution.events,
      answers: execution.answers() as readonly Answer[],
    };
  } catch (error) {
    if (error instanceof WokeAnother) return null;
    if (error instanceof ConnectionOpened) await execution?.end();
    throw error;
  } finally {
    await execution?.abandon();
    unwatch();
  }
}

/** fast-check generator of Scripts: a time in which things happen and fail, then one in which everything works again. */
import fc from 'fast-check';
import type { Duration, Instant } from '../../core/time.ts';
import type { Action, Script, Step } from '../../world/script.ts';
import { anyMove, scopesOf } from './any-move.ts';
import { anyPause } from './any-time.ts';
import type { Setting } from './setting.ts';

/** The most moves of one run. Short runs find what takes few steps, and most things do. */
const MOST_MOVES = 14;

/** What is tried once everything works again. */
interface Afterwards {
  /** Whether everybody stops first, so that whoever then starts must get in. */
  readonly allStop: boolean;
  /** Who starts then, by their place in the cast. */
  readonly starters: readonly number[];
}

interface Move {
  readonly pause: Duration;
  /** Whether it befalls whom the move before it befell: people who start are the ones who stop. */
  readonly again: boolean;
  readonly action: Action;
}

export function anyScript(setting: Setting): fc.Arbitrary<Script> {
  const move = fc.record({
    pause: anyPause(setting),
    again: fc.nat(2).map((n) => n === 2),
    action: anyMove(setting),
  });
  const actors = fc.nat(setting.cast.length - 1);
  return fc
    .record({
      first: actors,
      moves: fc.array(move, { minLength: 1, maxLength: MOST_MOVES, size: 'max' }),
      afterwards: fc.record({
        allStop: fc.boolean(),
        starters: fc.array(actors, { minLength: 1, maxLength: 2 }),
      }),
    })
    .map(({ first, moves, afterwards }) => scriptOf(setting, first, moves, afterwards));
}

function scriptOf(setting: Setting, first: number, moves: readonly Move[], afterwards: Afterwards): Script {
  const { policy, cast, surroundings } = setting;
  const steps: Step[] = [];
  let now = 0;
  const add = (pause: number, action: Action): void => {
    now += pause;
    steps.push({ at: now as Instant, actions: [action], expectations: [], place: null });
  };
  // Nothing can break before somebody has started.
  add(0, startOf(setting, first, false));
  for (const { pause, again, action } of moves) {
    const before = steps.at(-1)?.actions[0];
    const same = again && before !== undefined && 'actor' in before && 'actor' in action;
    add(pause, same ? { ...action, actor: before.actor } : action);
  }
  const { heartbeat, requestTimeout, freeWithin } = setting.figures;
  now = Math.max(now, endOfFaults(steps)) + heartbeat;
  if (afterwards.allStop) for (const { name } of cast) add(1, { type: 'user-stops', actor: name });
  // Late retries and answers are over, and whoever fell silent has been let go of.
  now += freeWithin + 4 * requestTimeout;
  for (const starter of afterwards.starters) add(2 * requestTimeout, startOf(setting, starter, false));
  return { title: 'found by a campaign', policy, cast, surroundings, steps, until: (now + 2 * heartbeat) as Instant };
}

function startOf(setting: Setting, actor: number, takeOver: boolean): Action {
  const { cast } = setting;
  const scopes = scopesOf(setting);
  const { name = '' } = cast[actor % cast.length] ?? {};
  return {
    type: 'user-starts',
    actor: name,
    scope: scopes[actor % scopes.length] as (typeof scopes)[number],
    takeOver,
  };
}

/** When the last fault is over. */
function endOfFaults(steps: readonly Step[]): number {
  return steps.reduce((last, { at, actions }) => {
    const ends = actions.map((action) => at + ('lasts' in action ? (action.lasts ?? 0) : 0));
    return Math.max(last, ...ends);
  }, 0);
}

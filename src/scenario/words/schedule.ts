/** The steps of a scenario in order of time, each checked against the cast. */
import { UsageError } from '../../core/failures.ts';
import type { Policy } from '../../core/policy.ts';
import { formatInstant, instant, parseDuration, type Instant } from '../../core/time.ts';
import type { Action, Expectation, Step } from '../../world/script.ts';
import { needsWorld } from '../needs-world.ts';
import { misfitIn, misfitInWorld, type Setting } from './misfits.ts';
import { LONGEST, placed } from './place.ts';
import type { WrittenStep } from './steps.ts';

/** Throws `UsageError` with the line of the step that does not fit. */
export function scheduled(written: readonly WrittenStep[], setting: Setting): readonly Step[] {
  const { cast, policy } = setting;
  const worldly = setting.inWorld || needsWorld({ ...setting, steps: written });
  const names = cast.map((actor) => actor.name);
  const devices = new Set(cast.map((actor) => actor.device));
  let latest: Instant | null = null;
  const steps = written.map((step): Step => {
    const time = placed(step.place, () => reachable(step.at));
    if (!step.inSeries) {
      if (latest !== null && time < latest) {
        throw new UsageError(
          `the step at ${step.at} is written after one at ${formatInstant(latest)}; write steps in order of time, ` +
            `for example [at('0s', bot.starts()), at('20s', bot.heartbeats())]`,
          step.place,
        );
      }
      latest = time;
    }
    for (const action of step.actions) {
      if ('actor' in action && !names.includes(action.actor)) {
        throw new UsageError(`'${action.actor}' is not in the cast (${names.join(', ')})`, step.place);
      }
    }
    const misfit = misfitIn(step, setting) ?? (worldly ? misfitInWorld(step) : null);
    if (misfit !== null) throw new UsageError(misfit, step.place);
    const stranger = step.expectations.flatMap(devicesIn).find((device) => !devices.has(device));
    if (stranger !== undefined) {
      throw new UsageError(`no device of the cast is called '${stranger}' (${[...devices].join(', ')})`, step.place);
    }
    const actions = step.actions.map((action) => onSeat(action, policy));
    return { at: time, actions, expectations: step.expectations, place: step.place };
  });
  return steps.sort((a, b) => a.at - b.at);
}

/** Where a license has one seat, that seat is meant whatever symbol is worked on. */
function onSeat(action: Action, policy: Policy): Action {
  if (policy.scope !== 'license' || !('scope' in action)) return action;
  return { ...action, scope: { license: action.scope.license, symbol: '' } };
}

/** The instant that is written, if a scenario can reach it. Throws `UsageError` otherwise. */
export function reachable(text: string): Instant {
  const time = instant(parseDuration(text));
  if (time > LONGEST) throw new UsageError(`${text} is too far away; a scenario covers at most 24 days`);
  return time;
}

/** The devices that an expectation names. */
function devicesIn(expectation: Expectation): readonly string[] {
  if (expectation.type === 'works') return [];
  const { reply } = expectation;
  const named = [
    'holder' in reply ? reply.holder : null,
    'replaced' in reply ? reply.replaced : null,
    'by' in reply ? reply.by : null,
  ];
  return named.filter((device) => typeof device === 'string');
}

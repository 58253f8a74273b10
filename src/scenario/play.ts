/** Plays a Script against a deployment under a fake clock, and writes down the History. */
import { createClock, type Clock } from '@sinonjs/fake-timers';
import { instant, type Instant } from '../core/time.ts';
import type { History } from '../history/history.ts';
import type { Deployment } from '../service/port.ts';
import { licensesOf } from '../world/licenses.ts';
import { Performance, type PlayOptions } from './performance.ts';
import type { Script } from '../world/script.ts';

/**
 * The History of one run. The deployment is reset first. Concurrent actions run at once where the deployment allows it,
 * otherwise one after another. Throws `UsageError`, with the place of the step, for an impossible action.
 */
export async function play(script: Script, deployment: Deployment, options: PlayOptions = {}): Promise<History> {
  await deployment.reset(licensesOf(script));
  const performance = new Performance(script, deployment, options);
  const clock = createClock(0);
  let due: (() => Promise<void>) | null = null;
  let ended = false;

  // Timers of one instant fire in the order in which they were set, so the server's own sweep comes first.
  if (script.policy.cleanUp.type === 'swept') {
    const { every } = script.policy.cleanUp;
    for (let at: number = every; at <= script.until; at += every) {
      clock.setTimeout(() => (due = () => performance.sweep(timeOf(clock))), at);
    }
  }
  script.steps.forEach((step, index) => {
    clock.setTimeout(() => (due = () => performance.step(step, index)), step.at);
  });
  clock.setTimeout(() => (ended = true), script.until);

  while (!ended) {
    due = null;
    clock.next();
    // The callback only says what is due, so that a slow database never overlaps the next timer.
    await (due as (() => Promise<void>) | null)?.();
  }
  return performance.finish();
}

function timeOf(clock: Clock): Instant {
  return instant(clock.now);
}

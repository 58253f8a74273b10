/** Plays a Script in a world around a design whose servers answer by promises, with the global functions of time faked. */
import { install } from '@sinonjs/fake-timers';
import { isUsageError } from '../core/failures.ts';
import { EPOCH } from '../core/time.ts';
import type { Design } from '../designs/design.ts';
import type { History } from '../history/history.ts';
import type { Script } from './script.ts';
import { TrueTime } from './time.ts';
import { World, type Impossible } from './world.ts';

/** As they are before they are faked. */
const nextTurn = setImmediate;

/** What a service may read the time from, or wait with. */
const FAKED = [
  'Date',
  'performance',
  'hrtime',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
] as const;

/** Work outside of the world that its time waits for. */
export interface Outside {
  readonly isBusy: boolean;
  /** Resolves once it is no longer busy. */
  settled(): Promise<void>;
}

/**
 * The History of one run. After each thing that happens, promises have their say before time goes on. One at a time in a
 * thread, because there is one set of global functions. What the design throws, now or from a timer of its own, is written
 * down as its failure. Throws `UsageError` for an action that is impossible, unless `impossible` takes it.
 */
export async function playSettled(
  script: Script,
  design: Design,
  { outside, impossible }: { readonly outside?: Outside; readonly impossible?: Impossible | undefined } = {},
): Promise<History> {
  const clock = install({ now: EPOCH, toFake: [...FAKED] });
  const strays: unknown[] = [];
  const stray = (error: unknown): void => void strays.push(error);
  process.on('unhandledRejection', stray);
  try {
    const world = new World(script, design, new TrueTime(clock), impossible);
    try {
      await world.time.runUntilSettled(script.until, () => settle(outside));
      await world.probe(() => settle(outside));
    } catch (error) {
      if (isUsageError(error)) throw error;
      stray(error);
    }
    world.writeFailures(strays);
    return world.history();
  } finally {
    process.off('unhandledRejection', stray);
    clock.uninstall();
  }
}

/** Until every promise that can go on has gone on, and what is outside has nothing more to do. */
async function settle(outside: Outside | undefined): Promise<void> {
  do {
    await outside?.settled();
    await new Promise((resolve) => nextTurn(resolve));
  } while (outside?.isBusy === true);
}

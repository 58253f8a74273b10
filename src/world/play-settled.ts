/** Plays a Script in a world around a design whose servers answer by promises, with the global functions of time faked. */
import { install } from '@sinonjs/fake-timers';
import { isUsageError } from '../core/failures.ts';
import type { Design } from '../designs/design.ts';
import type { History } from '../history/history.ts';
import type { Script } from './script.ts';
import type { Clockwork } from './event-queue.ts';
import { TrueTime } from './time.ts';
import { World } from './world.ts';

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
  /** What `Date` shows at the beginning of a run, in milliseconds since 1970. */
  readonly epoch: number;
  readonly isBusy: boolean;
  /** Resolves once it is no longer busy. */
  settled(): Promise<void>;
}

/**
 * The History of one run. After each thing that happens, promises have their say before time goes on. One at a time in a
 * thread, because there is one set of global functions. What the design throws, now or from a timer of its own, is written
 * down as its failure.
 */
export async function playSettled(script: Script, design: Design, outside?: Outside): Promise<History> {
  const clock = install({ now: outside?.epoch ?? 0, toFake: [...FAKED] });
  const strays: unknown[] = [];
  const stray = (error: unknown): void => void strays.push(error);
  process.on('unhandledRejection', stray);
  try {
    const world = new World(script, design, new TrueTime(fromZero(clock, outside?.epoch ?? 0)));
    try {
      await world.time.runUntilSettled(script.until, () => settle(outside));
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

/** The clock as a world reads it, which begins at 0. */
function fromZero(clock: Clockwork, epoch: number): Clockwork {
  if (epoch === 0) return clock;
  return {
    get now() {
      return clock.now - epoch;
    },
    setTimeout: (callback, delay) => clock.setTimeout(callback, delay),
    clearTimeout: (handle) => clock.clearTimeout(handle),
    next: () => clock.next(),
  };
}

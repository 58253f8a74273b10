/** The clocks and the timer that a client runs on outside a simulation. */
import type { ClientConfig } from '../core/client.ts';

export interface ClientClock {
  /** The clock that the client goes by, in milliseconds from any beginning; whole or not. */
  now(): number;
  /** The clock on the wall, in milliseconds. It goes on while the machine sleeps, and that is how a sleep shows. */
  wall(): number;
  /** Calls back after so many milliseconds, once. */
  setTimeout(callback: () => void, delay: number): unknown;
  /** Takes back what `setTimeout` returned. */
  clearTimeout(timer: unknown): void;
}

/** The clocks of this machine, looked up at each use. */
export function clockOfThisMachine(clock: ClientConfig['clock']): ClientClock {
  return {
    now: clock === 'wall' ? () => Date.now() : () => performance.now(),
    wall: () => Date.now(),
    setTimeout: (callback, delay) => setTimeout(callback, delay),
    clearTimeout: (timer) => clearTimeout(timer as Parameters<typeof clearTimeout>[0]),
  };
}

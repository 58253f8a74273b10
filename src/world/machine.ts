/** A device in a world: its clocks, and the processes on it that stand still together while it sleeps. */
import type { Duration, Instant } from '../core/time.ts';
import type { Clock } from '../history/history.ts';
import type { ClientProcess } from './client-process.ts';
import { DriftingClock } from './drifting-clock.ts';
import type { TrueTime } from './time.ts';

export class Machine {
  readonly name: string;
  /** Only runs; it stands still while the machine sleeps. */
  readonly monotonic: DriftingClock;
  /** Can be off and can be set; it goes on while the machine sleeps. */
  readonly wall: DriftingClock;
  readonly processes: ClientProcess[] = [];
  readonly #time: TrueTime;
  #sleeps = 0;

  constructor(name: string, time: TrueTime, clock: Clock | undefined) {
    this.name = name;
    this.#time = time;
    this.monotonic = new DriftingClock(0, clock?.drift ?? 0);
    this.wall = new DriftingClock(clock?.offset ?? 0, clock?.drift ?? 0);
  }

  get sleeps(): boolean {
    return this.#sleeps > 0;
  }

  /** Two sleeps that overlap are one. */
  sleep(lasts: Duration): void {
    this.#sleeps += 1;
    if (this.#sleeps === 1) {
      for (const process of this.processes) process.pause('sleep');
      this.monotonic.stop(this.#time.now);
    }
    this.#time.in(lasts, () => {
      this.#sleeps -= 1;
      if (this.#sleeps > 0) return;
      this.monotonic.go(this.#time.now);
      for (const process of this.processes) process.resume('sleep');
    });
  }

  /** Its wall clock was set, so what a process has planned by it is due at another time. */
  setClock(by: number): void {
    this.wall.set(this.#time.now, by);
    for (const process of this.processes) process.replan();
  }

  read(clock: 'monotonic' | 'wall'): Instant {
    return this[clock].read(this.#time.now);
  }
}

/** What a process of S4's server has: its host, its memory, and a way to write to a database that commits in its own time. */
import type { Scope, Seat } from '../../core/seat.ts';
import { milliseconds, type Instant } from '../../core/time.ts';
import { pause, write, type Host, type Procedure } from '../../service/procedure.ts';
import type { SeatStore } from '../../service/store.ts';
import type { SeatMemory } from './memory.ts';
import type { System } from './system.ts';

export interface Process {
  readonly system: System;
  readonly host: Host;
  readonly controller: SeatMemory;
  readonly cache: SeatMemory;
}

/** A write that is seen, by whoever asked for it too, once it is committed: at once, or 50 to 200 ms later. */
export function* commit<R>(
  { system, host }: Process,
  label: string,
  run: (store: SeatStore, now: Instant) => R,
): Procedure<R> {
  if (system.commits === 'late') yield* pause(milliseconds(50 + Math.floor(host.random() * 151)));
  return yield* write(label, run);
}

/** Puts the seat as it is now into the memory, where there is one. */
export function remember({ system, host, controller, cache }: Process, scope: Scope, seat: Seat): void {
  if (!system.remembers) return;
  controller.write(scope, seat, host.now());
  cache.write(scope, seat, host.now());
}

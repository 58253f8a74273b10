/** A store whose every access is a step, so that other calls come between reading and writing. */
import type { Scope, Seat } from '../../core/seat.ts';
import type { SeatRow } from '../../history/history.ts';
import type { SeatStore } from '../../service/store.ts';
import type { RaceTools } from './call.ts';

export interface SteppedStore {
  read(scope: Scope): Promise<Seat>;
  write(scope: Scope, seat: Seat): Promise<void>;
  all(): Promise<readonly SeatRow[]>;
}

export function steppedStore(store: SeatStore, step: RaceTools['step']): SteppedStore {
  return {
    read: (scope) => step('read the seat', () => store.read(scope)),
    write: (scope, seat) => step('write the seat', () => store.write(scope, seat)),
    all: () => step('read all seats', () => store.all()),
  };
}

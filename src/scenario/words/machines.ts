/** The machines behind the cast: the servers, and the store that they share. */
import { UsageError } from '../../core/failures.ts';
import type { DurationText } from '../../core/time.ts';
import type { Action } from '../../world/script.ts';
import { oneOf, onlyKnown } from './known.ts';
import { callerPlace, readSpan } from './place.ts';

/** How long a fault of the store lasts. */
export interface Lasting {
  readonly for: DurationText;
}

export const server = {
  /** Runs the clean-up now, besides any that the policy runs by itself. */
  sweeps: (): Action => ({ type: 'sweep' }),
  /** The server's process is replaced; what it stored remains. */
  restarts: (): Action => ({ type: 'restart-server' }),
  /** A process dies, with the calls that it was at, and another is up after a while. Servers count from 1. */
  crashes(how: Lasting & { readonly server?: number }): Action {
    const number = how?.server ?? 1;
    if (!Number.isSafeInteger(number) || number < 1) {
      throw new UsageError(
        `there is no server ${String(number)}; write for example server.crashes({ for: '5s', server: 2 })`,
        callerPlace(),
      );
    }
    return { type: 'crash-server', server: number, lasts: lasting('server.crashes()', how, ['server']) };
  },
};

export const store = {
  /** The table of the seats is gone, rows and all out of reach, until it recovers. */
  losesTable: (): Action => ({ type: 'store-fault', fault: 'table-missing' }),
  /** Every write fails until it recovers. */
  refusesWrites: (): Action => ({ type: 'store-fault', fault: 'writes-refused' }),
  /** The table of the seats is dropped and made anew: every session is forgotten. What failed before works again. */
  remakesTable: (): Action => ({ type: 'empty-store' }),
  recovers: (): Action => ({ type: 'store-fault', fault: null }),
  /** In a world: it fails in this way for a time. */
  fails(fault: 'outage' | 'outcome-unknown' | 'table-missing' | 'writes-refused', how: Lasting): Action {
    if ((fault as unknown) === undefined) oneOf('the fault in store.fails()', null, FAULTS);
    oneOf('the fault in store.fails()', fault, FAULTS);
    return { type: 'store-fails', fault, lasts: lasting('store.fails()', how) };
  },
  /** In a world: each statement takes so much longer, for a time. */
  slows: (by: DurationText, how: Lasting): Action => ({
    type: 'store-slows',
    by: readSpan(by),
    lasts: lasting('store.slows()', how),
  }),
  /** In a world: copies that are only read from show what was so long ago, for a time. */
  lags: (by: DurationText, how: Lasting): Action => ({
    type: 'store-lags',
    by: readSpan(by),
    lasts: lasting('store.lags()', how),
  }),
};

const FAULTS = ['outage', 'outcome-unknown', 'table-missing', 'writes-refused'];

function lasting(what: string, how: Lasting, more: readonly string[] = []): ReturnType<typeof readSpan> {
  onlyKnown(what, how, ['for', ...more]);
  if ((how as Lasting | undefined)?.for === undefined) {
    throw new UsageError(`${what} lasts for a time; write for example { for: '30s' }`, callerPlace());
  }
  return readSpan(how.for);
}

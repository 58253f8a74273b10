/** What becomes of messages, and what clocks are set to. */
import { UsageError } from '../../core/failures.ts';
import type { DurationText } from '../../core/time.ts';
import type { ClockName, NetworkFault } from '../../history/history.ts';
import type { Action } from '../../world/script.ts';
import { readClockName, readShift, type ShiftText } from './clocks.ts';
import { oneOf, onlyKnown } from './known.ts';
import { callerPlace, readSpan } from './place.ts';

export interface Disturbance {
  /** Which way; both where it is left out. */
  readonly messages?: 'requests' | 'answers' | 'both';
  /** How long; to the end of the scenario where it is left out. */
  readonly for?: DurationText;
}

/** Anybody in the cast. */
interface Somebody {
  readonly name: string;
}

export const network = {
  /** Nothing comes through, not even what is under way. */
  cuts: (who: Somebody, how?: Disturbance): Action => disturbed('cuts', who, how, { type: 'cut' }),
  /** Every message is under way for so much longer. */
  slows: (who: Somebody, by: DurationText, how?: Disturbance): Action =>
    disturbed('slows', who, how, { type: 'slow', by: readSpan(by) }),
  /** Every message comes once more, so much later. */
  repeats: (who: Somebody, after: DurationText, how?: Disturbance): Action =>
    disturbed('repeats', who, how, { type: 'repeated', after: readSpan(after) }),
};

export const clock = {
  /**
   * Sets a wall clock, forward or back: `clock.jumps(laptop, '-1h')` that of its machine, `clock.jumps('server 2', '5m')` or
   * `clock.jumps('store', '30s')` another one.
   */
  jumps: (whose: { readonly device: string } | ClockName, by: ShiftText): Action => ({
    type: 'set-clock',
    clock: clockOf(whose),
    by: readShift(by),
  }),
};

function disturbed(word: string, who: Somebody, how: Disturbance | undefined, fault: NetworkFault): Action {
  onlyKnown(`network.${word}()`, how, ['messages', 'for']);
  oneOf('messages', how?.messages, ['requests', 'answers', 'both']);
  if (typeof who !== 'object' || (who as unknown) === null || typeof who.name !== 'string') {
    throw new UsageError(
      `network.${word}() takes an actor of the cast, for example network.${word}(laptop)`,
      callerPlace(),
    );
  }
  const lasts = how?.for === undefined ? null : readSpan(how.for);
  return { type: 'network', actor: who.name, messages: how?.messages ?? 'both', fault, lasts };
}

function clockOf(whose: { readonly device: string } | string): ClockName {
  if (typeof whose === 'string') return readClockName(whose);
  if (typeof whose === 'object' && (whose as unknown) !== null && typeof whose.device === 'string') {
    return `device ${whose.device}`;
  }
  throw new UsageError(
    `clock.jumps() takes a client of the cast or the name of a clock, for example clock.jumps(laptop, '-1h') or clock.jumps('store', '1m')`,
    callerPlace(),
  );
}

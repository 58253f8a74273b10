/** When things happen: at one instant, at regular intervals, or all at once. */
import type { Place } from '../../core/failures.ts';
import { after, instant, type DurationText, type Instant } from '../../core/time.ts';
import type { Action, Expectation } from '../script.ts';
import { callerPlace, readDuration } from './place.ts';

/** A step as written. Times are checked when the scenario is put together, so that an error can name the line. */
export interface WrittenStep {
  readonly at: string;
  readonly actions: readonly Action[];
  readonly expectations: readonly Expectation[];
  readonly place: Place | null;
  /** One of a series, which is sorted in among the steps around it. */
  readonly inSeries: boolean;
}

/** Actions whose order is open: the model plays every order, a database gets them on connections of their own at once. */
export interface Together {
  readonly together: readonly Action[];
}

/** One step: `at('20s', bot.heartbeats(), renewed())`. The time counts from the beginning of the scenario. */
export function at(
  time: DurationText,
  action: Action | Together,
  ...expectations: readonly Expectation[]
): WrittenStep {
  const actions = 'together' in action ? action.together : [action];
  return { at: time, actions, expectations, place: callerPlace(), inSeries: false };
}

/** All at once: `at('0s', together(a.starts(), b.starts()), exactly(1, granted()))`. */
export function together(...actions: readonly Action[]): Together {
  return { together: actions };
}

/** The same step again and again: `every('20s', { from: '20s', to: '60s' }, bot.heartbeats(), renewed())`, both ends included. */
export function every(
  interval: DurationText,
  range: { readonly from: DurationText; readonly to: DurationText },
  action: Action | Together,
  ...expectations: readonly Expectation[]
): readonly WrittenStep[] {
  const place = callerPlace();
  const actions = 'together' in action ? action.together : [action];
  const step = readDuration(interval);
  const last = instant(readDuration(range.to));
  const times: Instant[] = [];
  if (step > 0) {
    for (let time = instant(readDuration(range.from)); time <= last; time = after(time, step)) times.push(time);
  }
  // A series without a step would be dropped in silence; it is kept as a step whose time says what is wrong.
  if (times.length === 0) {
    return [
      { at: `every ${interval} from ${range.from} to ${range.to}`, actions, expectations, place, inSeries: true },
    ];
  }
  return times.map((time) => ({ at: `${time}ms`, actions, expectations, place, inSeries: true }));
}

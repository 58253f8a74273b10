/** When things happen: at one instant, at regular intervals, or all at once. */
import { UsageError, type Place } from '../../core/failures.ts';
import type { DurationText } from '../../core/time.ts';
import type { Action, Expectation, WorkExpectation } from '../../world/script.ts';
import { onlyKnown } from './known.ts';
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

/** Nothing happens, but something must be true. */
export interface Expected {
  readonly expect: readonly WorkExpectation[];
}

/** A longer series is a mistake in its unit, more likely than a scenario. */
const MOST_IN_SERIES = 100_000;

/** One step: `at('20s', bot.heartbeats(), renewed())`. The time counts from the beginning of the scenario. */
export function at(
  time: DurationText,
  action: Action | Together | Expected,
  ...expectations: readonly Expectation[]
): WrittenStep {
  return { at: time, ...checked('at', action, expectations), place: callerPlace(), inSeries: false };
}

/** All at once: `at('0s', together(a.starts(), b.starts()), exactly(1, granted()))`. */
export function together(...actions: readonly Action[]): Together {
  return { together: actions };
}

/** Only looks: `at('61s', expect(working(desktop), notWorking(laptop)))`. */
export function expect(...expectations: readonly WorkExpectation[]): Expected {
  return { expect: expectations };
}

/** The same step again and again: `every('20s', { from: '20s', to: '60s' }, bot.heartbeats(), renewed())`, both ends included. */
export function every(
  interval: DurationText,
  range: { readonly from: DurationText; readonly to: DurationText },
  action: Action | Together | Expected,
  ...expectations: readonly Expectation[]
): readonly WrittenStep[] {
  const place = callerPlace();
  onlyKnown('the range of every()', range, ['from', 'to']);
  const what = checked('every', action, expectations);
  const [pause, from, to] = [readDuration(interval), readDuration(range.from), readDuration(range.to)];
  const count = Math.floor((to - from) / pause) + 1;
  if (!(count >= 1 && count <= MOST_IN_SERIES)) {
    throw new UsageError(
      `a series every ${interval} from ${range.from} to ${range.to} has no end or no steps, or more than ` +
        `${MOST_IN_SERIES}; write for example every('20s', { from: '20s', to: '5m' }, bot.heartbeats())`,
      place,
    );
  }
  return Array.from({ length: count }, (_, n) => {
    return { at: `${from + n * pause}ms`, ...what, place, inSeries: true };
  });
}

/** What a step does and expects. Without types, the two are easily mistaken for each other. */
function checked(
  word: string,
  what: Action | Together | Expected,
  after: readonly Expectation[],
): Pick<WrittenStep, 'actions' | 'expectations'> {
  const looks = isObject(what) && 'expect' in what;
  const expectations = looks ? [...what.expect, ...after] : after;
  const actions = looks ? [] : isObject(what) && 'together' in what ? what.together : [what];
  if (actions.length === 0 && !looks) {
    throw new UsageError(`together() is empty; write for example together(a.starts(), b.starts())`, callerPlace());
  }
  if (looks && (expectations.length === 0 || expectations.some((each) => !isObject(each) || each.type !== 'works'))) {
    throw new UsageError(
      `expect() takes who is at work and who is not, for example expect(working(laptop))`,
      callerPlace(),
    );
  }
  if (
    !actions.every((each) => isObject(each) && 'type' in each && !isExpectation(each)) ||
    !expectations.every(isExpectation)
  ) {
    throw new UsageError(
      `${word}() takes a time, what happens, and then what is expected; write for example ` +
        `at('0s', bot.starts(), granted())`,
      callerPlace(),
    );
  }
  return { actions, expectations };
}

function isExpectation(value: unknown): boolean {
  return isObject(value) && ('reply' in value || ('type' in value && value.type === 'works'));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

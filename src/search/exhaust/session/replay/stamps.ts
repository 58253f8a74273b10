/** Instants that carry which step of a way read them off a clock: as a fraction beside their whole milliseconds. */
import type { Instant } from '../../../../core/time.ts';

/** Powers of two, so that fractions are exact. Whatever is added to an instant is whole, so its stamp stays. */
const STAMP = 2 ** -13;
/** Above every stamp: an instant is moved by so much to be a little later or earlier. */
const LITTLE = 2 ** -2;

export function stamped(at: number, step: number): Instant {
  const stamp = (step + 1) * STAMP;
  if (stamp >= LITTLE) throw new Error('a way has more steps than stamps');
  return (at + stamp) as Instant;
}

/** The step that read it, or from whose reading it was worked out; -1 for none. */
export function stepOf(instant: number): number {
  return ((instant - Math.floor(instant)) % LITTLE) / STAMP - 1;
}

export const unstamped = (instant: number): Instant => Math.floor(instant) as Instant;

/** What is said now would be said as well with the instant that `step` read no later than now, or no sooner, or only at once with it. */
export interface Order {
  readonly step: number;
  readonly comes: 'no-later' | 'no-sooner' | 'at-once';
}

/**
 * What a rule says of a state with stamps, now, as it says it where everything of a moment happens at one instant; and which
 * order within the moment says the same.
 */
export function inOrder<State, Said>(
  state: State,
  now: Instant,
  rule: (state: State, now: Instant) => Said,
): { readonly said: Said; readonly orders: readonly Order[] } {
  const meant = JSON.stringify(withInstants(rule(withInstants(state, unstamped), unstamped(now)), unstamped));
  const sameWith = (one: number, moved: number): boolean => {
    const changed = withInstants(state, (each) => (each === one ? unstamped(each) + moved : unstamped(each)));
    return JSON.stringify(withInstants(rule(changed, unstamped(now)), Math.round)) === meant;
  };
  const sooner = new Set<number>();
  const orders = [...instantsIn(state)].flatMap((one): readonly Order[] => {
    const [noLater, noSooner] = [sameWith(one, -LITTLE), sameWith(one, LITTLE)];
    if (noLater && noSooner) return [];
    if (!noLater && noSooner) sooner.add(one);
    return [{ step: stepOf(one), comes: noLater ? 'no-later' : noSooner ? 'no-sooner' : 'at-once' }];
  });
  const arranged = withInstants(state, (each) => (sooner.has(each) ? each + LITTLE : each));
  const back = (each: number): number => (each - Math.floor(each) > LITTLE ? each - LITTLE : each);
  return { said: withInstants(rule(arranged, now), back), orders };
}

/** The steps whose readings, had they come sooner, would have made a timer of a state go off sooner than `due`. */
export function alsoDue<State>(state: State, due: Instant, dueIn: (state: State) => Instant | null): readonly number[] {
  return [...instantsIn(state)]
    .filter((one) => {
      const earlier = dueIn(withInstants(state, (each) => unstamped(each) - (each === one ? LITTLE : 0)));
      return earlier !== null && earlier < unstamped(due);
    })
    .map(stepOf);
}

function instantsIn(state: unknown): ReadonlySet<number> {
  const found = new Set<number>();
  withInstants(state, (each) => {
    found.add(each);
    return each;
  });
  return found;
}

/** Plain data with each instant that has a stamp replaced. */
export function withInstants<Value>(value: Value, replace: (instant: number) => number): Value {
  return JSON.parse(JSON.stringify(value), (_, each: unknown) =>
    typeof each === 'number' && !Number.isInteger(each) ? replace(each) : each,
  ) as Value;
}

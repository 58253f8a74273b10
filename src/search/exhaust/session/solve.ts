/** Finds by search the figure at which devices just never work at once. */
import { UsageError } from '../../../core/failures.ts';
import { milliseconds, type Duration } from '../../../core/time.ts';
import type { Design } from '../../../designs/design.ts';
import { checkSessions, endedUnanswered, type SessionCheck, type SessionOptions } from './check.ts';
import { gridFor, type Figures } from './source.ts';

export interface Solved {
  readonly figure: keyof Figures;
  /** The longest fence, or the shortest timeout or grace; null where none of those tried will do. */
  readonly found: Duration | null;
  readonly unit: Duration;
  /** What was tried, in order. */
  readonly tried: readonly { readonly value: Duration; readonly holds: boolean }[];
  /** Whether a bound of the search was met, so that nothing is known for certain. */
  readonly isInconclusive: boolean;
  /** The search in which the service did not answer, so that no figure is known; null where it always did. */
  readonly unanswered: SessionCheck | null;
}

/** A longer timeout or grace, and a shorter fence, never make it worse; so the edge is found by halving. */
export async function solve(design: Design, options: SessionOptions, figure: keyof Figures): Promise<Solved> {
  const { unit } = gridFor(design, options);
  const most = mostOf(design, figure, unit);
  const tried: { value: Duration; holds: boolean }[] = [];
  let isInconclusive = false;
  let unanswered: SessionCheck | null = null;
  const holds = async (units: number): Promise<boolean> => {
    const value = milliseconds(units * unit);
    const check = await checkSessions(design, { ...options, unit, figures: { [figure]: value } });
    const { outcome } = check;
    if (endedUnanswered(check)) unanswered = check;
    isInconclusive ||= outcome.result === 'inconclusive';
    tried.push({ value, holds: outcome.result === 'proved' });
    return outcome.result === 'proved';
  };
  // `good` holds and `bad` does not, or lies just outside of what is tried.
  let [good, bad] = figure === 'fence' ? [0, most + 1] : [most + 1, figure === 'timeout' ? 1 : -1];
  while (Math.abs(good - bad) > 1 && !isInconclusive && unanswered === null) {
    const middle = Math.floor((good + bad) / 2);
    if (await holds(middle)) good = middle;
    else bad = middle;
  }
  const isFound = tried.some((each) => each.holds) && !isInconclusive && unanswered === null;
  return { figure, found: isFound ? milliseconds(good * unit) : null, unit, tried, isInconclusive, unanswered };
}

/** Twice what the figures of the policy come to. */
function mostOf({ name, policy }: Design, figure: keyof Figures, unit: Duration): number {
  if (figure === 'grace' && policy.onConflict === 'refuse') {
    throw new UsageError(`${name} never takes over, so no grace follows; try: --solve timeout`);
  }
  return Math.ceil((2 * (policy.timeout + policy.stopTime)) / unit);
}

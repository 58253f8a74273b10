/** What the page of a report is given to draw and to recompute from. It crosses into the page as JSON. */
import type { Wish } from './choose/wishes.ts';
import type { Conditions, Pair } from './conditions/conditions.ts';

export interface PageData {
  readonly heartbeats: readonly number[];
  readonly timeouts: readonly number[];
  readonly conditions: Conditions;
  readonly wishes: readonly Wish[];
  /** What the sliders begin with: the recommended pair, or the one in the middle. */
  readonly begin: Pair;
  /** Why the closed forms, which are all that the page computes, are only near. */
  readonly approximations: readonly string[];
}

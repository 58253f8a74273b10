/** A broken promise, as data: what broke, when, who was involved, and why. */
import type { Place } from '../core/failures.ts';
import type { Instant } from '../core/time.ts';

/** How many findings of one law are kept: the first ones. */
export const FINDINGS_PER_LAW = 20;

export interface Finding {
  /** A law that broke, an expectation that failed, two implementations that disagreed, or a design that is no service at all. */
  readonly kind: 'law' | 'expectation' | 'difference' | 'design';
  /** The law's code and name, `P1 one holder`; otherwise a short name of what failed. */
  readonly title: string;
  /** True time; null where the whole run is meant. */
  readonly at: Instant | null;
  /**
   * Names the cause that the run shows, such as `overlapping-statements`; absent where the finding is none of a law. Two
   * findings of one law and one cause are alike.
   */
  readonly cause?: string;
  /** What happened, in one sentence without a full stop: `two sessions held the seat of license L1`. */
  readonly message: string;
  /** Why that is so, in one sentence; null where the message says it all. */
  readonly why: string | null;
  /** What to change, where that can be told; null otherwise. */
  readonly fix: string | null;
  /** Numbers of the calls that show it, in their order. */
  readonly calls: readonly number[];
  /** Where the user wrote what failed. */
  readonly place: Place | null;
}

/** What a search came to, as data. */
import type { Duration } from '../../core/time.ts';
import type { Law } from './laws.ts';

export interface Outcome {
  readonly model: string;
  /** `proved` holds for every state of this model; `inconclusive` says only that a bound was met before anything broke. */
  readonly result: 'proved' | 'broken' | 'inconclusive';
  /** Which bound was met, in words; null where none was. */
  readonly bound: string | null;
  /** States made, the same ones again included. */
  readonly states: number;
  /** Different states; under a symmetry, different but for it. */
  readonly distinct: number;
  /** Actions on the shortest way to the farthest state. */
  readonly depth: number;
  /** States in which nothing can happen any more. */
  readonly deadEnds: number;
  readonly elapsed: Duration;
  /** What the states and the table of hashes took at most. */
  readonly bytes: number;
  /** A bound on the probability that a state was missed because its hashes are another's; 0 where states are told apart exactly. */
  readonly collision: number;
  /** How many threads expanded states. */
  readonly threads: number;
  readonly laws: readonly LawOutcome[];
}

export interface LawOutcome {
  readonly name: string;
  readonly type: Law['type'];
  /** `open`: the search ended before it was known. A `maximum` is `measured`. */
  readonly outcome: 'kept' | 'broken' | 'reached' | 'never-reached' | 'measured' | 'open';
  /** The largest value seen of a `maximum`; of a `within`, the longest after which its goal was still due. Null for other laws. */
  readonly largest: number | null;
  /** The shortest way to what broke the law, or what it reached, or to the largest value of a `maximum`; null where there is none. */
  readonly trace: Trace | null;
}

export interface Trace {
  readonly initial: Uint8Array;
  readonly steps: readonly Step[];
  /** Whether no way has fewer steps. A search that goes on through what is `forced` finds the one of the fewest choices. */
  readonly isShortest: boolean;
}

export interface Step {
  readonly action: number;
  /** In the words of the model. */
  readonly description: string;
  /** The state after it. */
  readonly state: Uint8Array;
}

/** How far a search has come. */
export interface Progress {
  /** Actions on the shortest way to the state found last. */
  readonly depth: number;
  readonly states: number;
  readonly distinct: number;
  /** Found but not yet expanded. */
  readonly waiting: number;
  readonly elapsed: Duration;
  /** Distinct states a second, since the last report. */
  readonly rate: number;
}

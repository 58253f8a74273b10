/** What a report on heartbeats and timeouts is made of. Durations in milliseconds, rates as their names say. */

export interface TuneSpread {
  readonly mean: number;
  readonly p95: number;
  readonly max: number;
}

/** The figures of one pair. */
export interface TuneRow {
  readonly heartbeat: number;
  readonly timeout: number;
  readonly falseExpiries: number;
  /** Whether that is only a bound. */
  readonly isBound: boolean;
  readonly betweenMistakes: number;
  readonly mistakeLasts: number | null;
  readonly missesTolerated: number;
  readonly detection: TuneSpread;
  readonly recovery: TuneSpread;
  readonly writes: number;
  readonly bytes: number;
  readonly fence: number | null;
  readonly fenceStops: number;
  readonly overlap: number;
  readonly outageLeast: number;
  readonly outageMost: number;
  readonly waitLeast: number;
  readonly waitMost: number;
  readonly takeoverMean: number;
  readonly takeoverMost: number;
}

export interface TuneInterval {
  /** Null where only a bound is known: too rare to have been seen. */
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
}

/** One pair as it was simulated, beside its closed forms. */
export interface TuneSimulated {
  readonly heartbeat: number;
  readonly timeout: number;
  readonly method: 'plain' | 'splitting' | 'world';
  readonly heartbeats: number;
  readonly closed: number;
  readonly falseExpiries: TuneInterval;
  readonly mistakeLasts: TuneInterval | null;
  readonly fenceStops: TuneInterval | null;
  readonly detectionMean: TuneInterval;
  readonly detectionP95: TuneInterval | null;
}

/** A figure of a neighbour, as text: `false-expiry 21.6/day instead of 0.43/day`. */
export interface TuneDifference {
  readonly metric: string;
  readonly from: string;
  readonly to: string;
}

export interface TuneNeighbour {
  readonly heartbeat: number;
  readonly timeout: number;
  readonly step: string;
  readonly breaks: readonly { readonly wish: string; readonly value: string }[];
  readonly worse: readonly TuneDifference[];
  readonly better: readonly TuneDifference[];
}

export interface TuneRelaxed {
  readonly wish: string;
  /** The wish to put in its place; null for none, because nothing would keep it. */
  readonly to: string | null;
  /** How far apart they are: `+50 %`; empty where that cannot be told. */
  readonly change: string;
}

export type TuneChoice =
  | {
      readonly type: 'found';
      readonly chosen: TuneRow;
      readonly candidates: number;
      readonly tightest: { readonly wish: string; readonly spare: number } | null;
      readonly neighbours: readonly TuneNeighbour[];
    }
  | {
      readonly type: 'none';
      readonly relaxations: readonly {
        readonly wishes: readonly TuneRelaxed[];
        readonly pair: TuneRow;
      }[];
    };

export interface TuneClaims {
  readonly before: TuneRow;
  readonly after: TuneRow;
  readonly claims: readonly { readonly claim: string; readonly verdict: string; readonly why: string }[];
}

/** What was read from a deployment, and what was made of it. */
export interface TuneObserved {
  readonly source: string;
  /** Label and text of each thing that was found. */
  readonly found: readonly (readonly [string, string])[];
  /** The fitted distributions, the best first: a distance of 0 is a perfect fit. */
  readonly fits: readonly { readonly name: string; readonly distance: number }[];
  /** Quantiles as they were observed and as the fit has them. */
  readonly quantiles: readonly { readonly share: number; readonly observed: number; readonly fitted: number }[];
  readonly warnings: readonly string[];
}

export interface TuneReport {
  readonly tool: string;
  readonly seed: number;
  /** What is assumed, as label and text. */
  readonly conditions: readonly (readonly [string, string])[];
  readonly wishes: readonly string[];
  /** Whether these are the usual wishes and not the user's. */
  readonly wishesAreUsual: boolean;
  readonly heartbeats: readonly number[];
  readonly timeouts: readonly number[];
  readonly grid: readonly TuneRow[];
  readonly front: readonly TuneRow[];
  readonly choice: TuneChoice;
  /** Why the closed forms are only near; then the grid has simulated figures. */
  readonly approximations: readonly string[];
  readonly simulated: readonly TuneSimulated[];
  readonly claims: TuneClaims;
  readonly observed: TuneObserved | null;
  readonly warnings: readonly string[];
  /** The command line that gives the same report again. */
  readonly again: string;
}

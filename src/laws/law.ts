/** What a law is: a statement about a History, and a judge that finds where it broke. */
import type { Command } from '../core/command.ts';
import type { Finding } from './finding.ts';
import type { Evidence } from './evidence.ts';
import type { Untold } from './rule.ts';

export type LawKind =
  /** Nothing bad ever happens. */
  | 'safety'
  /** Something good happens within a bound. */
  | 'liveness';

export interface Law {
  /** Its code, `P1`. */
  readonly code: string;
  /** Its short name, `one holder`. */
  readonly name: string;
  readonly kind: LawKind;
  /** The law in one sentence. */
  readonly statement: string;
  /** Without these of a design the law is never tested on it; absent where it needs nothing. */
  readonly needs?: LawNeeds;
  readonly judge: (evidence: Evidence) => Judgement;
}

/** What a design must have or tell so that a law can be judged on it. */
export interface LawNeeds {
  /** A request that is sent. */
  readonly request?: Command['type'];
  /** What its replies must tell. */
  readonly told?: Untold;
  /** Its rows must be seen. */
  readonly rows?: true;
  /** It must keep its sessions in several stores. */
  readonly stores?: true;
}

/** What a judge found. */
export interface Judgement {
  /** How many times the law was put to the test: situations in which it could have broken. 0 says that this run proves nothing about it. */
  readonly tested: number;
  /** Each breach, in order of time. */
  readonly breaches: readonly Breach[];
  /** Why the law could not be judged on this History at all; null when it could. */
  readonly notJudged: string | null;
  /** Whether that is because a search met its bound, so that more effort could decide; absent: no. */
  readonly inDoubt?: boolean;
}

/** A finding before the law's own title is put on it. */
export type Breach = Pick<Finding, 'at' | 'message' | 'why' | 'fix' | 'calls'> & { readonly cause: string };

/** What became of one law on one History. */
export interface Verdict {
  readonly code: string;
  readonly name: string;
  readonly outcome: 'kept' | 'broken' | 'untested' | 'not-judged';
  readonly tested: number;
  readonly findings: readonly Finding[];
  /** Why it was not judged; null otherwise. */
  readonly notJudged: string | null;
  /** Whether it was not judged because a search met its bound. */
  readonly inDoubt: boolean;
}

/** Something that must be seen at least once in a suite, or the suite proves little. */
export interface ReachGoal {
  /** Its short name, `expiry`. */
  readonly name: string;
  /** What must be seen, `a session expired`. */
  readonly statement: string;
  /** What it takes to be reached: clients that run by themselves, which not every suite has. */
  readonly needs?: 'clients';
  /** How often it was seen in this History. */
  readonly count: (evidence: Evidence) => number;
}

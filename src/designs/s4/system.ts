/** What S4 consists of, choice by choice: its five faults, each of which can be switched by itself, and what its fixes leave. */
import type { Policy } from '../../core/policy.ts';
import { recommended } from '../../core/presets/recommended.ts';
import { NO_TIME, seconds } from '../../core/time.ts';

export interface System {
  /** SESSION-001: whether the memory of a process decides who has the session, or the database. */
  readonly decides: 'memory' | 'database';
  /** SESSION-002: whether a start is answered before its session is committed. */
  readonly answers: 'before-the-commit' | 'after-it';
  /** SESSION-003: where a look-up looks: in one of three ways, as it happens; in the controller's memory first; or in the database. */
  readonly looksUp: 'in-three-ways' | 'in-memory-first' | 'in-the-database';
  /** SESSION-004: what an end clears first, whatever then becomes of the other. */
  readonly clears: 'memory-first' | 'database-first';
  /** SESSION-005: what a start is answered with when its session has taken too long to come about. */
  readonly answersWith: 'command-after-5s' | 'its-session';

  /** Whether a process keeps the sessions it has handled in memory. */
  readonly remembers: boolean;
  /** Whether a start checks and claims in two statements or in one. */
  readonly claims: 'after-a-check' | 'in-one-statement';
  /** Whether the database commits 50 to 200 ms after it is asked, or when it answers. */
  readonly commits: 'late' | 'at-once';
}

export const BEFORE: System = {
  decides: 'memory',
  answers: 'before-the-commit',
  looksUp: 'in-three-ways',
  clears: 'memory-first',
  answersWith: 'command-after-5s',
  remembers: true,
  claims: 'after-a-check',
  commits: 'late',
};

/** All five fixes. The controller's memory stays, as a cache: three of the fixes write to it or look there first. */
export const AFTER: System = {
  decides: 'database',
  answers: 'after-it',
  looksUp: 'in-memory-first',
  clears: 'database-first',
  answersWith: 'its-session',
  remembers: true,
  claims: 'after-a-check',
  commits: 'late',
};

/** One store that commits when it answers, asked by everybody, in one statement a command. */
export const REPAIRED: System = {
  ...AFTER,
  looksUp: 'in-the-database',
  remembers: false,
  claims: 'in-one-statement',
  commits: 'at-once',
};

/** The note gives no figures and no client. What it is not about is as recommended, but for the fence, of which it does not speak. */
export const s4: Policy = {
  ...recommended,
  name: 's4',
  onConflict: 'refuse',
  grace: { afterExpiry: NO_TIME, afterTakeover: NO_TIME },
  fence: null,
};

export const s4Fenced: Policy = { ...s4, grace: recommended.grace, fence: seconds(55) };

/** A step that a call has announced and that waits for its turn. */
import type { Footprint } from './footprint.ts';
import type { Outcome } from './schedule.ts';
import type { Access } from './statement.ts';

export interface Step {
  readonly kind: 'statement' | 'step';
  /** The statement's text in one line, or the label. */
  readonly what: string;
  /** Whether every step that its call announces later must wait for this one. */
  readonly first: boolean;
  /** What distinguishes it from other steps that its call sends at the same time. */
  readonly key: string;
  /** Whether what it does lasts by itself: a `COMMIT`, or a write outside a transaction. Then its answer can be lost. */
  readonly lasting: () => boolean;
  /** What it does to the store; null where it is no statement of a store. */
  readonly access: () => Access | null;
  /** Carries it out. Resolves when the outcome is known, and never rejects; the caller does not hear of it yet. */
  readonly begin: () => Promise<StepEnd>;
  /** What it wants, while it waits. */
  readonly wanted: () => Footprint;
  /** The server process that carries it out; null where none does. */
  readonly pid: () => number | null;
  /** Cuts the connection that carries it out; afterwards the caller is told that it is lost. */
  readonly cut: () => Promise<StepEnd>;
  /** The execution is over, and its caller, who is abandoned, receives an error. */
  readonly discard: () => void;
}

export interface StepEnd {
  readonly outcome: Outcome;
  readonly footprint: Footprint;
  /** Lets the caller's code go on. */
  readonly deliver: () => void;
}

/** What a model is: the answers to four questions, over states that are byte buffers of one length. */
import type { Law } from './laws.ts';

/**
 * A finite world to be searched in full. The questions: where it begins (`initial`), what can happen (`actions`), what
 * then becomes of a state (`step`), and what must hold (`laws`). A model is pure: the same state and action always give
 * the same next state, in every thread. All that matters for what comes next must be in the bytes of the state, and
 * nothing else should be, because states that differ in a byte are two states.
 */
export interface Model {
  readonly name: string;
  /** The length of every state, in bytes. */
  readonly bytes: number;
  initial(): readonly Uint8Array[];
  /** How many actions there are in all. They are numbered from 0; without `choices`, each is tried in every state. */
  readonly actions: number;
  /**
   * Writes the actions to be tried in `state` into `into`, in rising order, and says how many they are. Makes a search
   * faster where most are never possible at once, and smaller where some need not be tried in every order.
   */
  choices?(state: Uint8Array, into: Uint16Array): number;
  /**
   * Turns `state` into the state after `action`, in place, and says true. Where the action is not possible it leaves
   * the state as it was and says false. Chance and choice are actions of their own: one for each way it can go.
   */
  step(state: Uint8Array, action: number): boolean;
  /**
   * The one action that must come next in `state`, or -1 where there is a choice. A search goes on through such states
   * without keeping them, nor asking its laws of them: so there are fewer. Name only what no law need be asked of.
   */
  forced?(state: Uint8Array): number;
  /** The action in words, for counterexamples. `before` is the state in which it happens. */
  describe(action: number, before: Uint8Array): string;
  readonly laws: readonly Law[];
  /** Where a state holds numbers that the model gave to its parts as it met them. */
  readonly dictionary?: Dictionary;
  /** Which parts of the model are alike; without it every state counts for itself. */
  readonly symmetry?: Symmetry;
}

/**
 * The parts that a model has numbered. Several threads must number them alike: so one thread numbers them all, the others
 * are told, and what needs a number that they have not been told of they leave to that one.
 */
export interface Dictionary {
  /** How many entries it has. They are plain text, and only become more. */
  readonly size: number;
  entries(from: number): readonly string[];
  /** Takes up what another thread has numbered. From then on `step` throws `Unnumbered` rather than number anything itself. */
  follow(entries: readonly string[]): void;
}

/** Thrown by `step` where it would have to number a part, and another thread does that. */
export class Unnumbered extends Error {
  override readonly name = 'Unnumbered';
}

/**
 * Parts of a model that could change places without anybody noticing, such as two devices. Sound only if steps and laws
 * do not tell them apart; `brokenSymmetry` tests that.
 */
export interface Symmetry {
  /** Turns a state, in place, into the one that stands for all states that are like it but for the order of the parts. */
  canonicalise(state: Uint8Array): void;
  /** Permutations of which all others are made, for example the swaps of neighbours. */
  readonly permutations: readonly Permutation[];
}

export interface Permutation {
  readonly name: string;
  /** Permutes a state in place. */
  state(state: Uint8Array): void;
  /** The action that does in the permuted state what `action` does in the state. */
  action(action: number): number;
}

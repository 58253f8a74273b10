/** A model made ready to run: one state to work in, and what its laws say of that state. */
import { UsageError } from '../../core/failures.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Law, Within } from './laws.ts';
import type { Model } from './model.ts';

/** What laws say of one state is a bit for each, and 32 bits are what a word has. */
const MOST_LAWS = 31;
const LONGEST_BOUND = 250;
const MOST_ACTIONS = 2 ** 16;
const LONGEST_CHAIN = 10_000;

/**
 * Works in one buffer: first the bytes of the model, then one for each `within` law, which counts how long its goal has
 * been due (0: not due; n + 1: due for n). So a law about paths becomes a law about states.
 */
export class Machine {
  readonly model: Model;
  /** Of a whole state, rounded up. */
  readonly words: number;
  /** The working state as words, and the part of it that the model knows as bytes. */
  readonly state: Int32Array;
  readonly bytes: Uint8Array;
  /** What can be tried in the working state: as many of these as `choose` says. */
  readonly choices: Uint16Array;
  private readonly ages: Uint8Array;
  private readonly dues: readonly Within[];
  private readonly measures: readonly Measure[];

  constructor(model: Model) {
    refuse(model);
    this.model = model;
    this.dues = model.laws.filter((law) => law.type === 'within');
    this.words = Math.ceil((model.bytes + this.dues.length) / Int32Array.BYTES_PER_ELEMENT);
    this.state = new Int32Array(this.words);
    this.bytes = new Uint8Array(this.state.buffer, 0, model.bytes);
    this.ages = new Uint8Array(this.state.buffer, model.bytes, this.dues.length);
    this.measures = measuresOf(model.laws);
    this.choices = Uint16Array.from({ length: model.actions }, (_, action) => action);
  }

  /** Makes a state of the model the working state, as one to begin with. */
  begin(initial: Uint8Array): void {
    if (initial.length !== this.model.bytes) {
      throw new UsageError(
        `${this.model.name}: a state to begin with has ${initial.length} bytes, and the model says bytes: ${this.model.bytes}`,
      );
    }
    this.state.fill(0);
    this.bytes.set(initial);
    this.model.symmetry?.canonicalise(this.bytes);
    for (const [index, { trigger, goal }] of this.dues.entries()) {
      this.ages[index] = trigger(this.bytes) && !goal(this.bytes) ? 1 : 0;
    }
  }

  choose(): number {
    return this.model.choices === undefined ? this.choices.length : this.model.choices(this.bytes, this.choices);
  }

  /** Lets `action` happen in the working state; false where it is not possible. */
  step(action: number): boolean {
    if (!this.model.step(this.bytes, action)) return false;
    if (this.dues.length > 0) this.age(action);
    if (this.model.forced !== undefined) this.goOn();
    this.model.symmetry?.canonicalise(this.bytes);
    return true;
  }

  /** Lets happen what must. */
  private goOn(): void {
    for (let steps = 0; ; steps++) {
      const next = this.model.forced!(this.bytes);
      if (next < 0) return;
      if (!this.model.step(this.bytes, next))
        throw new Error(`${this.model.name}: what must come next is not possible`);
      if (steps > LONGEST_CHAIN) throw new Error(`${this.model.name}: what must come next has no end`);
      if (this.dues.length > 0) this.age(next);
    }
  }

  /** One bit a law, in their order: an `always` or `within` that the working state breaks, a `sometimes` that it meets. */
  signals(): number {
    const { laws } = this.model;
    let signals = 0;
    let due = 0;
    for (let index = 0; index < laws.length; index++) {
      const law = laws[index]!;
      if (law.type === 'within') {
        if (this.ages[due++]! > law.bound + 1) signals |= 1 << index;
      } else if (law.type !== 'maximum' && law.holds(this.bytes) === (law.type === 'sometimes')) {
        signals |= 1 << index;
      }
    }
    return signals;
  }

  /** The same for a state in which nothing can happen any more: what is due there will never come. */
  signalsAtEnd(): number {
    let signals = 0;
    for (const [due, law] of this.dues.entries()) {
      if (this.ages[due]! > 0) signals |= 1 << this.model.laws.indexOf(law);
    }
    return signals;
  }

  /** How many numbers `measure` reads. */
  get measured(): number {
    return this.measures.length;
  }

  /** One of the numbers whose largest value is reported, in the order of the laws that have one. */
  measure(index: number): number {
    return this.measures[index]!(this.bytes, this.ages);
  }

  private age(action: number): void {
    for (let index = 0; index < this.dues.length; index++) {
      const { trigger, goal, takes, bound } = this.dues[index]!;
      const age = this.ages[index]!;
      const now = age > 0 ? age + takes(action) : 0;
      // A goal that comes too late is as bad as none.
      if (now > bound + 1) this.ages[index] = bound + 2;
      else if (goal(this.bytes)) this.ages[index] = 0;
      else this.ages[index] = now === 0 && trigger(this.bytes) ? 1 : now;
    }
  }
}

type Measure = (bytes: Uint8Array, ages: Uint8Array) => number;

/** Whether a law has a number whose largest value is reported. */
export const isMeasured = (law: Law): boolean => law.type === 'maximum' || law.type === 'within';

function measuresOf(laws: readonly Law[]): readonly Measure[] {
  let due = 0;
  return laws.flatMap((law): readonly Measure[] => {
    switch (law.type) {
      case 'maximum':
        return [(bytes) => law.of(bytes)];
      case 'within': {
        const index = due++;
        return [(_bytes, ages) => Math.max(0, ages[index]! - 1)];
      }
      case 'always':
      case 'sometimes':
        return [];
      default:
        return unreachable(law);
    }
  });
}

function refuse({ name, bytes, actions, laws }: Model): void {
  const wrong =
    (!isCount(bytes) && `bytes is ${bytes}; write the length of a state, for example bytes: 4`) ||
    (!isCount(actions) && `actions is ${actions}; write how many actions there are, for example actions: 3`) ||
    (actions > MOST_ACTIONS && `there are ${actions} actions; at most ${MOST_ACTIONS} can be numbered`) ||
    (laws.length > MOST_LAWS && `there are ${laws.length} laws; give at most ${MOST_LAWS} at once`) ||
    laws.map(wrongIn).find((each) => each !== null);
  if (typeof wrong === 'string') throw new UsageError(`the model '${name}' cannot be searched: ${wrong}`);
}

function wrongIn(law: Law): string | null {
  if (law.type !== 'within' || (Number.isInteger(law.bound) && law.bound >= 0 && law.bound <= LONGEST_BOUND))
    return null;
  return `the bound of '${law.name}' is ${law.bound}; write a whole number from 0 to ${LONGEST_BOUND}`;
}

/** The actions to be tried in a state. */
export function choicesOf(model: Model, state: Uint8Array): readonly number[] {
  const all = Uint16Array.from({ length: model.actions }, (_, action) => action);
  return [...all.subarray(0, model.choices?.(state, all) ?? all.length)];
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}

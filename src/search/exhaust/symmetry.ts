/** Tests that a model's symmetry is one: a wrong one hides states, and with them what they break. */
import type { Law } from './laws.ts';
import { choicesOf } from './machine.ts';
import type { Model, Permutation, Symmetry } from './model.ts';

/**
 * What tells the permuted parts apart, in words; null where nothing does in the first `most` states. For each state s,
 * action a and permutation π: π s is canonically s, π a does in π s what a does in s, and every law says the same of both.
 */
export function brokenSymmetry(model: Model, most = 2000): string | null {
  const { symmetry } = model;
  if (symmetry === undefined) return null;
  for (const state of statesOf(model, most)) {
    for (const permutation of symmetry.permutations) {
      const difference = differenceAt(model, symmetry, permutation, state);
      if (difference !== null) return `${permutation.name}: ${difference}, in the state ${hex(state)}`;
    }
  }
  return null;
}

function differenceAt(model: Model, symmetry: Symmetry, permutation: Permutation, state: Uint8Array): string | null {
  const permuted = state.slice();
  permutation.state(permuted);
  if (!alike(symmetry, state, permuted)) return 'the two states are not given the same stand-in';
  const law = model.laws.find((each) => saysOf(each, state) !== saysOf(each, permuted));
  if (law !== undefined) return `'${law.name}' tells the two states apart`;
  const choices = choicesOf(model, state);
  const otherChoices = new Set(choicesOf(model, permuted));
  for (let action = 0; action < model.actions; action++) {
    const after = state.slice();
    const permutedAfter = permuted.slice();
    const other = permutation.action(action);
    const happens = choices.includes(action) && model.step(after, action);
    const otherHappens = otherChoices.has(other) && model.step(permutedAfter, other);
    if (!happens && !otherHappens) continue;
    if (!happens) return `'${model.describe(other, permuted)}' is possible in the permuted state only`;
    const what = `'${model.describe(action, state)}'`;
    if (!otherHappens) return `${what} is not possible in the permuted state`;
    if (!alike(symmetry, after, permutedAfter)) return `${what} leads to states that are not alike`;
    const timed = model.laws.find((each) => each.type === 'within' && each.takes(action) !== each.takes(other));
    if (timed !== undefined) return `${what} does not count alike in '${timed.name}'`;
  }
  return null;
}

function saysOf(law: Law, state: Uint8Array): string {
  switch (law.type) {
    case 'always':
    case 'sometimes':
      return String(law.holds(state));
    case 'within':
      return `${law.trigger(state)} ${law.goal(state)}`;
    case 'maximum':
      return String(law.of(state));
  }
}

function alike(symmetry: Symmetry, one: Uint8Array, other: Uint8Array): boolean {
  const [a, b] = [one.slice(), other.slice()];
  symmetry.canonicalise(a);
  symmetry.canonicalise(b);
  const again = a.slice();
  symmetry.canonicalise(again);
  return hex(a) === hex(b) && hex(a) === hex(again);
}

/** The states that are reached first, each for itself. */
function* statesOf(model: Model, most: number): Iterable<Uint8Array> {
  const seen = new Map(model.initial().map((state) => [hex(state), state]));
  for (const state of seen.values()) {
    yield state;
    for (const action of choicesOf(model, state)) {
      if (seen.size >= most) break;
      const next = state.slice();
      if (model.step(next, action)) seen.set(hex(next), next);
    }
  }
}

function hex(state: Uint8Array): string {
  return Buffer.from(state).toString('hex');
}

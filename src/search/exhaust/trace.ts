/** The way from a beginning to a state, made again by running the actions. */
import type { Arena } from './arena.ts';
import { choicesOf, Machine } from './machine.ts';
import type { Model } from './model.ts';
import type { Step, Trace } from './outcome.ts';

/**
 * The shortest way to state `id`. Under a symmetry the states kept are stand-ins, and the action kept with one belongs to
 * its parent's stand-in: so the way starts from a real beginning, and takes whichever action leads to a state that the
 * next stand-in stands for.
 */
export function traceTo(model: Model, arena: Arena, id: number): Trace {
  const path = pathTo(arena, id);
  const [first = 0, ...rest] = path;
  const initial = beginningLike(model, arena.stateOf(first));
  const steps: Step[] = [];
  let state: Uint8Array = initial;
  for (const next of rest) {
    const step = stepTo(model, state, arena.actionOf(next), bytesOf(model, arena.stateOf(next)));
    steps.push(step);
    state = step.state;
  }
  return { initial, steps };
}

function pathTo(arena: Arena, id: number): readonly number[] {
  const path: number[] = [];
  for (let at = id; at >= 0; at = arena.parentOf(at)) path.push(at);
  return path.toReversed();
}

function beginningLike(model: Model, wanted: Int32Array): Uint8Array {
  const machine = new Machine(model);
  const found = model.initial().find((initial) => {
    machine.begin(initial);
    return machine.state.every((word, index) => word === wanted[index]);
  });
  if (found === undefined) throw new Error(`${model.name} does not begin as it did before: initial() is not pure`);
  return found.slice();
}

function stepTo(model: Model, before: Uint8Array, likely: number, wanted: Uint8Array): Step {
  for (const action of model.symmetry === undefined ? [likely] : choicesOf(model, before)) {
    const state = before.slice();
    if (!model.step(state, action)) continue;
    if (!equal(standIn(model, state), wanted) || !takesAlike(model, action, likely)) continue;
    return { action, description: model.describe(action, before), state };
  }
  const reason = model.symmetry === undefined ? 'step() is not pure' : 'step() is not pure, or its symmetry is none';
  throw new Error(`${model.name} does not go the way it went before: ${reason}`);
}

/** What a `within` law counts must come out the same on this way. */
function takesAlike({ laws }: Model, action: number, other: number): boolean {
  return laws.every((law) => law.type !== 'within' || law.takes(action) === law.takes(other));
}

function standIn(model: Model, state: Uint8Array): Uint8Array {
  if (model.symmetry === undefined) return state;
  const canonical = state.slice();
  model.symmetry.canonicalise(canonical);
  return canonical;
}

function bytesOf(model: Model, words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, 0, model.bytes);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, index) => byte === b[index]);
}

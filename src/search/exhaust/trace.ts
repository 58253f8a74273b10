/** The way from a beginning to a state, made again by running the actions. */
import type { Arena } from './arena.ts';
import { hash, noHashes } from './hash.ts';
import { choicesOf, Machine } from './machine.ts';
import type { Model } from './model.ts';
import type { Step, Trace } from './outcome.ts';
import type { Visited } from './visited.ts';

/** What was searched: where its states were found, and their hashes. */
interface Searched {
  readonly arena: Arena;
  readonly visited: Visited;
}

/**
 * The shortest way to state `id`. Under a symmetry the states kept are stand-ins, and the action kept with one belongs to
 * its parent's stand-in: so the way starts from a real beginning, and takes whichever action leads to a state that the
 * next stand-in stands for.
 */
export function traceTo(model: Model, { arena, visited }: Searched, id: number): Trace {
  const machine = new Machine(model);
  const [first = 0, ...rest] = pathTo(arena, id);
  const initial = model.initial()[arena.actionOf(first)]!.slice();
  machine.begin(initial);
  const steps: Step[] = [];
  let state: Uint8Array = initial;
  let before: Int32Array = machine.state.slice();
  for (const next of rest) {
    const likely = arena.actionOf(next);
    const after = stateAfter(machine, before, likely, visited);
    steps.push(...stepsFrom(model, state, actionTo(machine, state, likely, before, after)));
    state = steps.at(-1)?.state ?? state;
    before = after;
  }
  return { initial, steps, isShortest: model.forced === undefined };
}

function pathTo(arena: Arena, id: number): readonly number[] {
  const path: number[] = [];
  for (let at = id; at >= 0; at = arena.parentOf(at)) path.push(at);
  return path.toReversed();
}

/** What came of a state before; it must have been seen then. */
function stateAfter(machine: Machine, before: Int32Array, action: number, visited: Visited): Int32Array {
  const hashes = noHashes();
  machine.state.set(before);
  const isPossible = machine.step(action);
  hash(machine.state, machine.words, hashes);
  if (isPossible && visited.has(hashes[0]!, hashes[1]!)) return machine.state.slice();
  throw wrongWay(machine.model);
}

/** What does in `state` what the action `likely` did in `before`, which stands for it: leads to what `after` stands for. */
function actionTo(machine: Machine, state: Uint8Array, likely: number, before: Int32Array, after: Int32Array): number {
  const { model } = machine;
  for (const action of model.symmetry === undefined ? [likely] : choicesOf(model, state)) {
    // What is counted for `within` laws is the same whichever state stands for it.
    machine.state.set(before);
    machine.bytes.set(state);
    if (machine.step(action) && equal(machine.state, after)) return action;
  }
  throw wrongWay(model);
}

function wrongWay({ name, symmetry }: Model): Error {
  const reason = symmetry === undefined ? 'step() is not pure' : 'step() is not pure, or its symmetry is none';
  return new Error(`${name} does not go the way it went before: ${reason}`);
}

/** An action that is possible, and all that must come after it. */
function stepsFrom(model: Model, before: Uint8Array, first: number): readonly Step[] {
  const steps: Step[] = [];
  let from = before;
  for (let action = first; action >= 0; action = model.forced?.(from) ?? -1) {
    const state = from.slice();
    model.step(state, action);
    steps.push({ action, description: model.describe(action, from), state });
    from = state;
  }
  return steps;
}

function equal(a: Int32Array, b: Int32Array): boolean {
  return a.every((word, index) => word === b[index]);
}

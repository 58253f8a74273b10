/** Every order in which the concurrent actions of a script can run. */
import type { Script } from '../world/script.ts';

/** For each step with several actions, by its number: the positions of its actions in the order in which they run. */
export type Order = ReadonlyMap<number, readonly number[]>;

export interface Orders {
  /** The orders to play, at least one. */
  readonly orders: readonly Order[];
  /** How many there are in all. More than `orders` holds means that a bound was met. */
  readonly total: number;
}

/** More orders than this are not played, and the outcome is inconclusive: seven at once have 5,040. */
const MOST_ORDERS = 5_040;

/** The orders of a script: all of them up to `most`, otherwise that many drawn with `random`, which gives numbers from 0 to below 1. */
export function ordersOf(script: Script, random: () => number, most = MOST_ORDERS): Orders {
  const open = script.steps.flatMap((step, index) =>
    step.actions.length > 1 ? [{ index, size: step.actions.length }] : [],
  );
  const total = open.reduce((product, { size }) => product * factorial(size), 1);
  if (total <= most) {
    let orders: Order[] = [new Map()];
    for (const { index, size } of open) {
      const choices = permutations(size);
      orders = orders.flatMap((order) => choices.map((choice) => new Map([...order, [index, choice]])));
    }
    return { orders, total };
  }
  const drawn = Array.from(
    { length: most },
    (): Order => new Map(open.map(({ index, size }) => [index, shuffled(size, random)])),
  );
  return { orders: drawn, total };
}

function permutations(size: number): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  return permutations(size - 1)
    .flatMap((rest) => Array.from({ length: size }, (_, at) => [...rest.slice(0, at), size - 1, ...rest.slice(at)]))
    .sort(lexicographically);
}

function lexicographically(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((value, index) => value !== b[index]);
  return differing < 0 ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0);
}

function shuffled(size: number, random: () => number): readonly number[] {
  const positions = Array.from({ length: size }, (_, index) => index);
  for (let end = size - 1; end > 0; end--) {
    const other = Math.floor(random() * (end + 1));
    [positions[end], positions[other]] = [positions[other] ?? 0, positions[end] ?? 0];
  }
  return positions;
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

/** Devices with one process each can change places. */
import type { Permutation, Symmetry } from '../model.ts';
import { actionMoved } from './actions.ts';
import { turnOf, turnWith, writePart } from './layout.ts';
import type { Scene } from './scene.ts';

/** Which device comes to each place. */
type Order = readonly number[];

const ORDERS: Readonly<Record<number, readonly Order[]>> = {
  1: [[0]],
  2: [
    [0, 1],
    [1, 0],
  ],
  3: [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ],
};

/** Of a scene in which the number of a process is that of its device. */
export function devicesAlike(scene: Scene): Symmetry {
  const { devices, layout, rules } = scene;
  const parts = new Int32Array(devices);
  const orders = ORDERS[devices] ?? [];

  /** The same of every device whatever its number: its part, and whether it has the turn. */
  function compare(state: Uint8Array, one: number, other: number): number {
    const difference = scene.part(state, one) - scene.part(state, other);
    if (difference !== 0) return difference;
    const turn = turnOf(state[layout.turn]!);
    return (turn === one + 1 ? 1 : 0) - (turn === other + 1 ? 1 : 0);
  }

  function sorts(state: Uint8Array, order: Order): boolean {
    for (let place = 1; place < devices; place++) {
      if (compare(state, order[place - 1]!, order[place]!) > 0) return false;
    }
    return true;
  }

  function permute(state: Uint8Array, order: Order): void {
    for (let device = 0; device < devices; device++) parts[device] = scene.part(state, device);
    let code = 0;
    const turn = state[layout.turn]!;
    for (let place = 0; place < devices; place++) {
      const device = order[place]!;
      writePart(state, layout.part(place), parts[device]!);
      code |= device << (2 * place);
      if (turnOf(turn) === device + 1) state[layout.turn] = turnWith(turn, place + 1);
    }
    writePart(state, layout.seat, rules.seats.permuted(scene.seat(state), code));
  }

  /** Sorts the devices; of orders that sort them equally well, the one that gives the seat the least number. */
  function canonicalise(state: Uint8Array): void {
    const seat = scene.seat(state);
    let best: Order | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const order of orders) {
      if (!sorts(state, order)) continue;
      const permuted = rules.seats.permuted(seat, codeOf(order));
      if (permuted >= least) continue;
      least = permuted;
      best = order;
    }
    if (best !== null && best !== orders[0]) permute(state, best);
  }

  return {
    canonicalise,
    permutations: Array.from({ length: devices - 1 }, (_, first): Permutation => {
      const order = Array.from({ length: devices }, (__, place) =>
        place === first ? first + 1 : place === first + 1 ? first : place,
      );
      return {
        name: `devices ${first + 1} and ${first + 2} change places`,
        state: (state) => permute(state, order),
        action: (action) => actionMoved(action, (process) => order.indexOf(process)),
      };
    }),
  };
}

const codeOf = (order: Order): number => order.reduce((code, device, place) => code | (device << (2 * place)), 0);

/** Devices with one process each can change places. */
import type { Permutation, Symmetry } from '../../model.ts';
import { actionMoved } from './actions.ts';
import { turnOf, turnWith, writePart } from './layout.ts';
import type { Scene } from './scene.ts';

/** Which device comes to each place; and the same in two bits each. */
interface Order {
  readonly devices: readonly number[];
  readonly code: number;
}

const ORDERS: Readonly<Record<number, readonly Order[]>> = {
  1: [orderOf(0)],
  2: [orderOf(0, 1), orderOf(1, 0)],
  3: [orderOf(0, 1, 2), orderOf(0, 2, 1), orderOf(1, 0, 2), orderOf(1, 2, 0), orderOf(2, 0, 1), orderOf(2, 1, 0)],
};

function orderOf(...devices: readonly number[]): Order {
  return { devices, code: devices.reduce((code, device, place) => code | (device << (2 * place)), 0) };
}

/** Of a scene in which the number of a process is that of its device. */
export function devicesAlike(scene: Scene): Symmetry {
  const { devices, layout, rules } = scene;
  const parts = new Int32Array(devices);
  const keys = new Int32Array(devices);
  const orders = ORDERS[devices] ?? [];

  function permute(state: Uint8Array, order: Order): void {
    for (let device = 0; device < devices; device++) parts[device] = scene.part(state, device);
    const turn = state[layout.turn]!;
    for (let place = 0; place < devices; place++) {
      const device = order.devices[place]!;
      writePart(state, layout.part(place), parts[device]!);
      if (turnOf(turn) === device + 1) state[layout.turn] = turnWith(turn, place + 1);
    }
    writePart(state, layout.seat, rules.seats.permuted(scene.seat(state), order.code));
  }

  /** Of every device the same, whatever its number: its part, and whether it has the turn. Whether they are in order, and no two the same. */
  function readKeys(state: Uint8Array): boolean {
    const turn = turnOf(state[layout.turn]!);
    let rises = true;
    for (let device = 0; device < devices; device++) {
      keys[device] = 2 * scene.part(state, device) + (turn === device + 1 ? 1 : 0);
      rises &&= device === 0 || keys[device - 1]! < keys[device]!;
    }
    return rises;
  }

  function sorts({ devices: order }: Order): boolean {
    for (let place = 1; place < devices; place++) {
      if (keys[order[place - 1]!]! > keys[order[place]!]!) return false;
    }
    return true;
  }

  /** Sorts the devices; of orders that sort them equally well, the one that gives the seat the least number. */
  function canonicalise(state: Uint8Array): void {
    if (readKeys(state)) return;
    const seat = scene.seat(state);
    let best: Order | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const order of orders) {
      if (!sorts(order)) continue;
      const permuted = rules.seats.permuted(seat, order.code);
      if (permuted >= least) continue;
      least = permuted;
      best = order;
    }
    if (best !== null && best !== orders[0]) permute(state, best);
  }

  return {
    canonicalise,
    permutations: Array.from({ length: devices - 1 }, (_, first): Permutation => {
      const order = orderOf(
        ...Array.from({ length: devices }, (__, place) =>
          place === first ? first + 1 : place === first + 1 ? first : place,
        ),
      );
      return {
        name: `devices ${first + 1} and ${first + 2} change places`,
        state: (state) => permute(state, order),
        action: (action) => actionMoved(action, (process) => order.devices.indexOf(process)),
      };
    }),
  };
}

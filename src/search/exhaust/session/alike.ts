/** Devices with one process each can change places. */
import type { Permutation, Symmetry } from '../model.ts';
import { actionMoved } from './actions.ts';
import { read16, turnOf, turnWith, write16 } from './layout.ts';
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
  const size = layout.processBytes;
  const copy = new Uint8Array(devices * size);
  const orders = (ORDERS[devices] ?? []).map((order) => ({ order, code: codeOf(order) }));

  function sorts(state: Uint8Array, order: Order): boolean {
    for (let place = 1; place < devices; place++) {
      if (scene.compare(state, order[place - 1]!, order[place]!) > 0) return false;
    }
    return true;
  }

  /** Whether the devices are in order as they are, and no two of them are the same. */
  function isSorted(state: Uint8Array): boolean {
    for (let device = 1; device < devices; device++) {
      if (scene.compare(state, device - 1, device) >= 0) return false;
    }
    return true;
  }

  function permute(state: Uint8Array, order: Order): void {
    for (let at = 0; at < copy.length; at++) copy[at] = state[at]!;
    let asleep = 0;
    let cut = 0;
    let code = 0;
    const turn = state[layout.turn]!;
    for (let place = 0; place < devices; place++) {
      const device = order[place]!;
      for (let at = 0; at < size; at++) state[place * size + at] = copy[device * size + at]!;
      asleep |= ((state[layout.asleep]! >> device) & 1) << place;
      cut |= ((state[layout.cut]! >> device) & 1) << place;
      code |= device << (2 * place);
      if (turnOf(turn) === device + 1) state[layout.turn] = turnWith(turn, place + 1);
    }
    state[layout.asleep] = asleep;
    state[layout.cut] = cut;
    write16(state, layout.seat, rules.seats.permuted(read16(state, layout.seat), code));
  }

  /** Sorts the devices; of orders that sort them equally well, the one that gives the seat the least number. */
  function canonicalise(state: Uint8Array): void {
    // Most states come as they stay: where each device comes before the next, no other order sorts them.
    if (isSorted(state)) return;
    const seat = read16(state, layout.seat);
    let best = orders[0];
    let least = Number.POSITIVE_INFINITY;
    for (const each of orders) {
      if (!sorts(state, each.order)) continue;
      const permuted = rules.seats.permuted(seat, each.code);
      if (permuted >= least) continue;
      least = permuted;
      best = each;
    }
    if (best !== undefined && best !== orders[0]) permute(state, best.order);
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

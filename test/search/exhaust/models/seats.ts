/** A seat, and devices with a fence that take it in turn: small, timed, and wrong when the fence is too long. */
import { always, maximum, sometimes, within } from '../../../../src/search/exhaust/laws.ts';
import type { Model } from '../../../../src/search/exhaust/model.ts';

interface Seats {
  readonly devices: number;
  /** Ticks after which the server lets go. */
  readonly timeout: number;
  /** Ticks after which a device stops that hears nothing. */
  readonly fence: number;
  /** Whether overlap is only measured. */
  readonly measure?: boolean;
  readonly symmetric?: boolean;
}

/**
 * A device's byte: 0 idle, or 1 + the ticks since it was granted. Then who holds the seat (0 nobody, 1 + the device), for
 * how many ticks, and for how many ticks two devices have worked.
 */
export function seats({ devices, timeout, fence, measure = false, symmetric = false }: Seats): Model {
  const [holder, age, overlap] = [devices, devices + 1, devices + 2];
  const working = (state: Uint8Array): number => state.subarray(0, devices).filter((byte) => byte > 0).length;
  const fenced = (state: Uint8Array): boolean => state.subarray(0, devices).includes(fence + 1);
  return {
    name: `${devices} devices`,
    bytes: devices + 3,
    initial: () => [new Uint8Array(devices + 3)],
    actions: 2 * devices + 1,
    step(state, action) {
      if (action < devices) {
        const isFree = state[holder] === 0 || state[age]! >= timeout;
        if (!isFree || state[action] !== 0) return false;
        state[action] = 1;
        state[holder] = action + 1;
        state[age] = 0;
        return true;
      }
      if (action < 2 * devices) {
        const device = action - devices;
        if (state[device] !== fence + 1) return false;
        state[device] = 0;
        if (working(state) < 2) state[overlap] = 0;
        return true;
      }
      // A fence that is due comes before the clock goes on.
      if (fenced(state)) return false;
      for (let device = 0; device < devices; device++) if (state[device]! > 0) state[device]!++;
      if (state[holder] !== 0 && state[age]! < timeout) state[age]!++;
      if (working(state) >= 2) state[overlap] = Math.min(255, state[overlap]! + 1);
      return true;
    },
    describe(action) {
      if (action < devices) return `device ${action + 1} is granted the seat`;
      return action < 2 * devices ? `device ${action - devices + 1} stops at its fence` : 'tick';
    },
    laws: [
      ...(measure ? [] : [always('one worker', (state) => state[overlap] === 0)]),
      sometimes('a device works', (state) => working(state) > 0),
      within('who works stops', fence, {
        trigger: (state) => working(state) > 0,
        goal: fenced,
        takes: (action) => (action === 2 * devices ? 1 : 0),
      }),
      maximum('overlap', (state) => state[overlap]!),
    ],
    ...(symmetric ? { symmetry: alike(devices, holder) } : {}),
  };
}

/** Sorts the devices, the holder first among its equals, and lets the holder point to where its device went. */
function alike(devices: number, holder: number): NonNullable<Model['symmetry']> {
  return {
    canonicalise(state) {
      const held = state[holder]! - 1;
      const order = Array.from({ length: devices }, (_, device) => device).sort(
        (a, b) => state[a]! - state[b]! || Number(b === held) - Number(a === held),
      );
      const sorted = order.map((device) => state[device]!);
      for (const [device, byte] of sorted.entries()) state[device] = byte;
      if (held >= 0) state[holder] = order.indexOf(held) + 1;
    },
    permutations: Array.from({ length: devices - 1 }, (_, one) => ({
      name: `devices ${one + 1} and ${one + 2} change places`,
      state(state) {
        [state[one], state[one + 1]] = [state[one + 1]!, state[one]!];
        if (state[holder] === one + 1) state[holder] = one + 2;
        else if (state[holder] === one + 2) state[holder] = one + 1;
      },
      action(action) {
        const [device, rest] = [action % devices, action - (action % devices)];
        if (action >= 2 * devices) return action;
        if (device === one) return rest + one + 1;
        return device === one + 1 ? rest + one : action;
      },
    })),
  };
}

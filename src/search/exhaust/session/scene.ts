/** Who takes part in a session model, what can befall them, and what a state says of each. */
import { MOST_MESSAGES, read16, RESTS, turnOf, type Layout } from './layout.ts';
import { lostTo } from './lost.ts';
import type { Rules } from './rules.ts';

/** What can go wrong, each time at the cost of one fault. */
export const FAULTS = [
  'cut',
  'loss',
  'delay',
  'duplicate',
  'crash',
  'sleep',
  'store-failure',
  'server-restart',
  'stop',
] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface Cast {
  readonly rules: Rules;
  readonly layout: Layout;
  readonly devices: number;
  /** The device of each process. */
  readonly deviceOf: readonly number[];
  /** How many seats the license has. */
  readonly symbols: number;
  readonly kinds: readonly FaultKind[];
  /** In units: the longest for which work comes to rest, and the period of sweeps; 0 where there are none. */
  readonly restUnits: number;
  readonly sweepUnits: number;
}

export class Scene {
  readonly rules: Rules;
  readonly layout: Layout;
  readonly devices: number;
  readonly deviceOf: readonly number[];
  readonly processes: number;
  readonly symbols: number;
  readonly restUnits: number;
  readonly sweepUnits: number;
  readonly may: Readonly<Record<FaultKind, boolean>>;
  /** Of each process: whether it is the only one of its device. */
  readonly isAlone: readonly boolean[];
  /** Of each process: whether what befalls its device is said of it, and not of another. */
  readonly isFirst: readonly boolean[];

  constructor({ rules, layout, devices, deviceOf, symbols, kinds, restUnits, sweepUnits }: Cast) {
    this.rules = rules;
    this.layout = layout;
    this.devices = devices;
    this.deviceOf = deviceOf;
    this.processes = deviceOf.length;
    this.symbols = symbols;
    this.restUnits = restUnits;
    this.sweepUnits = sweepUnits;
    this.may = Object.fromEntries(FAULTS.map((kind) => [kind, kinds.includes(kind)])) as Record<FaultKind, boolean>;
    this.isAlone = deviceOf.map((device) => deviceOf.filter((each) => each === device).length === 1);
    this.isFirst = deviceOf.map((device, process) => deviceOf.indexOf(device) === process);
  }

  agent(state: Uint8Array, process: number): number {
    return read16(state, this.layout.agent(process));
  }

  seat(state: Uint8Array): number {
    return read16(state, this.layout.seat);
  }

  /** The message in a slot; -1 where there is none, and then none comes after it. */
  message(state: Uint8Array, process: number, slot: number): number {
    return slot === MOST_MESSAGES ? -1 : read16(state, this.layout.message(process, slot)) - 1;
  }

  countMessages(state: Uint8Array, process: number): number {
    let count = 0;
    while (this.message(state, process, count) >= 0) count++;
    return count;
  }

  sleeps(state: Uint8Array, process: number): boolean {
    return ((state[this.layout.asleep]! >> this.deviceOf[process]!) & 1) === 1;
  }

  isCut(state: Uint8Array, process: number): boolean {
    return ((state[this.layout.cut]! >> this.deviceOf[process]!) & 1) === 1;
  }

  isDown(state: Uint8Array): boolean {
    return state[this.layout.down] === 1;
  }

  isLost(state: Uint8Array, process: number, message: number): boolean {
    return lostTo(state, process, this.rules.message(message), this) !== null;
  }

  works(state: Uint8Array, process: number): boolean {
    return state[this.layout.work(process)] !== RESTS && !this.sleeps(state, process);
  }

  isIdle(state: Uint8Array, process: number): boolean {
    return this.rules.phase(this.agent(state, process)) === 'idle';
  }

  /** Whether a message from or to a device is on its way. */
  hasMail(state: Uint8Array, device: number): boolean {
    for (let process = 0; process < this.processes; process++) {
      if (this.deviceOf[process] === device && this.message(state, process, 0) >= 0) return true;
    }
    return false;
  }

  hasAnyMail(state: Uint8Array): boolean {
    for (let process = 0; process < this.processes; process++) {
      if (this.message(state, process, 0) >= 0) return true;
    }
    return false;
  }

  /** Whether a request of it is on its way that arrives in this moment, or never. */
  awaits(state: Uint8Array, process: number): boolean {
    for (let slot = 0; ; slot++) {
      const message = this.message(state, process, slot);
      if (message < 0) return false;
      if (this.rules.isRequest(message) && this.rules.isUrgent(message)) return true;
    }
  }

  /** Below zero where a process comes before another by all that is theirs alone: the same whatever their numbers. */
  compare(state: Uint8Array, one: number, other: number): number {
    const [a, b] = [this.layout.agent(one), this.layout.agent(other)];
    for (let at = 0; at < this.layout.processBytes; at++) {
      if (state[a + at] !== state[b + at]) return state[a + at]! - state[b + at]!;
    }
    return this.flags(state, one) - this.flags(state, other);
  }

  private flags(state: Uint8Array, process: number): number {
    const device = this.deviceOf[process]!;
    const turn = state[this.layout.turn]!;
    const own = turnOf(turn) === process + 1 ? turn << 2 : 0;
    return ((state[this.layout.asleep]! >> device) & 1) | (((state[this.layout.cut]! >> device) & 1) << 1) | own;
  }
}

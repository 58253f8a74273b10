/** Who takes part in a session model, what can befall them, and what a state says of each. */
import { mayOf, type FaultKind } from '../faults.ts';
import type { Rules } from '../numbers/rules.ts';
import { readPart, type Layout } from './layout.ts';
import type { Part, Process } from './part.ts';
import type { Parts } from './parts.ts';

export interface Cast {
  readonly rules: Rules;
  readonly parts: Parts;
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
  readonly parts: Parts;
  readonly layout: Layout;
  readonly devices: number;
  readonly deviceOf: readonly number[];
  /** Which of its device's processes each process is. */
  readonly placeOf: readonly number[];
  readonly processes: number;
  readonly symbols: number;
  readonly restUnits: number;
  readonly sweepUnits: number;
  readonly may: Readonly<Record<FaultKind, boolean>>;
  /** Of each process: whether it is the only one of its device. */
  readonly isAlone: readonly boolean[];

  constructor({ rules, parts, layout, devices, deviceOf, symbols, kinds, restUnits, sweepUnits }: Cast) {
    this.rules = rules;
    this.parts = parts;
    this.layout = layout;
    this.devices = devices;
    this.deviceOf = deviceOf;
    this.placeOf = deviceOf.map((device, process) => process - deviceOf.indexOf(device));
    this.processes = deviceOf.length;
    this.symbols = symbols;
    this.restUnits = restUnits;
    this.sweepUnits = sweepUnits;
    this.may = mayOf(kinds);
    this.isAlone = deviceOf.map((device) => deviceOf.filter((each) => each === device).length === 1);
  }

  /** The number of what is of one device alone. */
  part(state: Uint8Array, device: number): number {
    return readPart(state, this.layout.part(device));
  }

  seat(state: Uint8Array): number {
    return readPart(state, this.layout.seat);
  }

  isDown(state: Uint8Array): boolean {
    return state[this.layout.down] === 1;
  }

  /** What a state says of the device of a process, and of the process: for those who read a state now and then. */
  partIn(state: Uint8Array, process: number): Part {
    return this.parts.part(this.part(state, this.deviceOf[process]!));
  }

  processIn(state: Uint8Array, process: number): Process {
    return this.partIn(state, process).processes[this.placeOf[process]!]!;
  }
}

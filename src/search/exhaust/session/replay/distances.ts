/** What must come before what on a way, step by step, as distances in true time. */
import { exactly, type Distance } from './instants.ts';
import type { Order } from './stamps.ts';

/** Between two things of one moment whose order counts, in milliseconds: two, so that between them a fault can end. */
export const APART = 2;

export class Distances {
  readonly all: Distance[] = [];
  readonly #unit: number;
  readonly #ticks: number[] = [];
  /** Of each step, by how many milliseconds the clock that it is read by is behind. */
  readonly #behind: number[] = [];

  constructor(unit: number) {
    this.#unit = unit;
  }

  begin(tick: number): void {
    this.#ticks.push(tick);
    this.#behind.push(0);
  }

  /** A step is read by a clock that has stood still for so much longer than a number of ticks. */
  readBy(step: number, behind: number): void {
    this.#behind[step] = behind;
  }

  follows(step: number, last: number | null, apart: number): void {
    if (last !== null) this.all.push({ from: last, to: step, least: apart });
  }

  /** A step comes so long before the timer that an earlier step set, and that goes off in the same moment. */
  precedes(step: number, setBy: number, apart: number): void {
    this.all.push({ from: step, to: setBy, least: apart - this.#sameInMoment(setBy, step) });
  }

  /** A step comes exactly where in its moment an earlier one came. */
  comesLike(step: number, earlier: number): void {
    this.lasts(earlier, step, this.#sameInMoment(earlier, step));
  }

  lasts(from: number, to: number, milliseconds: number): void {
    this.all.push(...exactly(from, to, milliseconds));
  }

  keep(step: number, orders: readonly Order[]): void {
    for (const { step: earlier, comes } of orders) {
      const distance = this.#sameInMoment(earlier, step);
      if (comes !== 'no-sooner') this.all.push({ from: earlier, to: step, least: distance });
      if (comes !== 'no-later') this.all.push({ from: step, to: earlier, least: -distance });
    }
  }

  /** How long after an earlier step another one is when both are at the same place in their moments. */
  #sameInMoment(earlier: number, later: number): number {
    const ticks = this.#ticks[later]! - this.#ticks[earlier]!;
    return ticks * this.#unit + this.#behind[later]! - this.#behind[earlier]!;
  }
}

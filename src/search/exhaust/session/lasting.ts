/** What should not last: devices that work at once, a session that nobody has and that blocks others, a victim that works on. */
import { longestWait, type Grid } from './grid.ts';
import { NAMES } from './seats.ts';
import type { Scene } from './scene.ts';

/** For how long devices have worked at once, an orphan has blocked the seat, a victim has worked on. */
export type Count = 'overlap' | 'blocked' | 'astray';

export const COUNTED: Readonly<Record<Count, string>> = {
  overlap: 'devices work at once',
  blocked: 'a session that nobody has blocks others',
  astray: 'a victim works on',
};

/** No byte counts further. */
const LARGEST_COUNT = 250;

/** Where counting stops, in units: what lasts twice as long as a session and every wait after it has no bound of ours. */
export function mostUnits({ policy, unit }: Grid): number {
  return Math.min(LARGEST_COUNT, Math.ceil((2 * (policy.timeout + longestWait(policy))) / unit) + 2);
}

export class Lasting {
  readonly #scene: Scene;
  /** Those that are counted: each makes for more states. */
  readonly #counts: readonly Count[];
  readonly #most: number;

  constructor(scene: Scene, counts: readonly Count[], most: number) {
    this.#scene = scene;
    this.#counts = counts;
    this.#most = most;
  }

  /** One unit more of each, which may end with it: so it begins anew only when something else happens. */
  passUnit(state: Uint8Array): void {
    for (const count of this.#counts) {
      const at = this.#scene.layout[count];
      if (!this.#lasts(state, count)) state[at] = 0;
      else if (state[at]! < this.#most) state[at]!++;
    }
  }

  /** Once it is over, what is counted while it lasts begins anew. */
  settle(state: Uint8Array): void {
    for (const count of this.#counts) {
      const at = this.#scene.layout[count];
      if (state[at] !== 0 && !this.#lasts(state, count)) state[at] = 0;
    }
  }

  /** How many devices work. */
  atWork(state: Uint8Array): number {
    const { processes, deviceOf } = this.#scene;
    let bits = 0;
    for (let process = 0; process < processes; process++) {
      if (this.#scene.works(state, process)) bits |= 1 << deviceOf[process]!;
    }
    return (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1);
  }

  #lasts(state: Uint8Array, count: Count): boolean {
    if (count === 'overlap') return this.atWork(state) >= 2;
    return count === 'astray' ? this.#isAstray(state) : this.#isOrphaned(state);
  }

  /** Whether some process works whose session the seat has passed on. */
  #isAstray(state: Uint8Array): boolean {
    const { rules, processes, deviceOf } = this.#scene;
    const latest = rules.seats.latestOf(this.#scene.seat(state));
    for (let process = 0; process < processes; process++) {
      if (!this.#scene.works(state, process)) continue;
      if (deviceOf[process]! * NAMES + rules.leaseOf(this.#scene.agent(state, process)) !== latest) return true;
    }
    return false;
  }

  /** Whether the seat is kept from others by a session that no process knows of any more. */
  #isOrphaned(state: Uint8Array): boolean {
    const { rules, processes, deviceOf } = this.#scene;
    const seat = this.#scene.seat(state);
    if (!rules.seats.isBlocked(seat)) return false;
    const name = rules.seats.rememberedOf(seat);
    if (name < 0) return true;
    const device = Math.floor(name / NAMES);
    for (let process = 0; process < processes; process++) {
      if (deviceOf[process] !== device) continue;
      if ((rules.namesInAgent(this.#scene.agent(state, process)) >> (name % NAMES)) & 1) return false;
    }
    return true;
  }
}

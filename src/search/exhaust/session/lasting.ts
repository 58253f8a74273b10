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

/** A counter of one seat, or of all seats of the license. */
interface Counter {
  readonly at: number;
  readonly count: Count;
  readonly symbol: number;
}

export class Lasting {
  readonly #scene: Scene;
  /** Of what is counted: each makes for more states. */
  readonly #counters: readonly Counter[];
  readonly #most: number;

  constructor(scene: Scene, counts: readonly Count[], most: number) {
    this.#scene = scene;
    this.#counters = counts.flatMap((count) => countersOf(count, scene));
    this.#most = most;
  }

  /** One unit more of each, which may end with it: so it begins anew only when something else happens. */
  passUnit(state: Uint8Array): void {
    for (const counter of this.#counters) {
      if (!this.#lasts(state, counter)) state[counter.at] = 0;
      else if (state[counter.at]! < this.#most) state[counter.at]!++;
    }
  }

  /** Once it is over, what is counted while it lasts begins anew. */
  settle(state: Uint8Array): void {
    for (const counter of this.#counters) {
      if (state[counter.at] !== 0 && !this.#lasts(state, counter)) state[counter.at] = 0;
    }
  }

  /** For how many units it has lasted: the longer of two seats. */
  units(state: Uint8Array, count: Count): number {
    const { layout, symbols } = this.#scene;
    const first = state[layout[count]]!;
    return symbols === 1 || count === 'astray' ? first : Math.max(first, state[layout.second[count]]!);
  }

  /** Whether anybody works. */
  isAtWork(state: Uint8Array): boolean {
    for (let process = 0; process < this.#scene.processes; process++) {
      if (this.#scene.works(state, process)) return true;
    }
    return false;
  }

  /** How many devices work on a symbol. */
  #atWork(state: Uint8Array, symbol: number): number {
    const { processes, deviceOf, symbols, rules } = this.#scene;
    let bits = 0;
    for (let process = 0; process < processes; process++) {
      if (!this.#scene.works(state, process)) continue;
      if (symbols > 1 && rules.symbolOf(this.#scene.agent(state, process)) !== symbol) continue;
      bits |= 1 << deviceOf[process]!;
    }
    return (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1);
  }

  #lasts(state: Uint8Array, { count, symbol }: Counter): boolean {
    if (count === 'overlap') return this.#atWork(state, symbol) >= 2;
    return count === 'astray' ? this.#isAstray(state) : this.#isOrphaned(state, symbol);
  }

  /** Whether some process works whose session its seat has passed on. */
  #isAstray(state: Uint8Array): boolean {
    const { rules, processes, deviceOf } = this.#scene;
    const seat = this.#scene.seat(state);
    for (let process = 0; process < processes; process++) {
      if (!this.#scene.works(state, process)) continue;
      const agent = this.#scene.agent(state, process);
      const latest = rules.seats.latestOf(seat, rules.symbolOf(agent));
      if (deviceOf[process]! * NAMES + rules.leaseOf(agent) !== latest) return true;
    }
    return false;
  }

  /** Whether a seat is kept from others by a session that no process knows of any more. */
  #isOrphaned(state: Uint8Array, symbol: number): boolean {
    const { rules, processes, deviceOf } = this.#scene;
    const seat = this.#scene.seat(state);
    const blocker = rules.seats.blockerOf(seat, symbol);
    if (blocker < 0) return false;
    const name = rules.seats.rememberedOf(seat, blocker);
    if (name < 0) return true;
    const device = Math.floor(name / NAMES);
    for (let process = 0; process < processes; process++) {
      if (deviceOf[process] !== device) continue;
      if ((rules.namesInAgent(this.#scene.agent(state, process)) >> (name % NAMES)) & 1) return false;
    }
    return true;
  }
}

/** What a victim does is of a process, and counted once; the rest is of a seat. */
function countersOf(count: Count, { layout, symbols }: Scene): readonly Counter[] {
  const first = { at: layout[count], count, symbol: 0 };
  return symbols === 1 || count === 'astray' ? [first] : [first, { at: layout.second[count], count, symbol: 1 }];
}

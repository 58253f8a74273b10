/** What should not last: devices that work at once, a session that nobody has and that blocks others, a victim that works on. */
import { longestWait, type Grid } from '../grid.ts';
import { once } from '../numbers/interner.ts';
import { NAMES } from '../numbers/seats.ts';
import { RESTS, type Process } from './part.ts';
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

  /** Whether something has lasted for a unit, or more. */
  isCounting(state: Uint8Array): boolean {
    for (const { at } of this.#counters) if (state[at] !== 0) return true;
    return false;
  }

  /** For how many units it has lasted: the longer of two seats. */
  units(state: Uint8Array, count: Count): number {
    const { layout, symbols } = this.#scene;
    const first = state[layout[count]]!;
    return symbols === 1 || count === 'astray' ? first : Math.max(first, state[layout.second[count]]!);
  }

  /** Whether anybody works. */
  isAtWork(state: Uint8Array): boolean {
    for (let device = 0; device < this.#scene.devices; device++) {
      if (this.#symbolsOf(this.#scene.part(state, device)) !== 0) return true;
    }
    return false;
  }

  /** How many devices work on a symbol. */
  #atWork(state: Uint8Array, symbol: number): number {
    let count = 0;
    for (let device = 0; device < this.#scene.devices; device++) {
      count += (this.#symbolsOf(this.#scene.part(state, device)) >> symbol) & 1;
    }
    return count;
  }

  /** The processes of a part that work. */
  #working(part: number): readonly Process[] {
    const { asleep, processes } = this.#scene.parts.part(part);
    return asleep ? [] : processes.filter(({ work }) => work !== RESTS);
  }

  /** The symbols that a device works on, a bit each. */
  readonly #symbolsOf = once((part: number): number =>
    this.#working(part).reduce((bits, { agent }) => bits | (1 << this.#scene.rules.agents.symbolOf(agent)), 0),
  );

  /** The sessions that a device works in: the name of each, and its symbol. */
  readonly #leasesOf = once((part: number): readonly { readonly name: number; readonly symbol: number }[] => {
    const { rules } = this.#scene;
    return this.#working(part).map(({ agent }) => ({
      name: rules.agents.leaseOf(agent),
      symbol: rules.agents.symbolOf(agent),
    }));
  });

  /** The session names that the processes of a device know of, a bit each. */
  readonly #knownTo = once((part: number): number =>
    this.#scene.parts
      .part(part)
      .processes.reduce((names, { agent }) => names | this.#scene.rules.agents.namesIn(agent), 0),
  );

  #lasts(state: Uint8Array, { count, symbol }: Counter): boolean {
    if (count === 'overlap') return this.#atWork(state, symbol) >= 2;
    return count === 'astray' ? this.#isAstray(state) : this.#isOrphaned(state, symbol);
  }

  /** Whether some process works whose session its seat has passed on. */
  #isAstray(state: Uint8Array): boolean {
    const { rules, devices } = this.#scene;
    const seat = this.#scene.seat(state);
    for (let device = 0; device < devices; device++) {
      for (const { name, symbol } of this.#leasesOf(this.#scene.part(state, device))) {
        if (device * NAMES + name !== rules.seats.latestOf(seat, symbol)) return true;
      }
    }
    return false;
  }

  /** Whether a seat is kept from others by a session that no process knows of any more. */
  #isOrphaned(state: Uint8Array, symbol: number): boolean {
    const { rules } = this.#scene;
    const seat = this.#scene.seat(state);
    const blocker = rules.seats.blockerOf(seat, symbol);
    if (blocker < 0) return false;
    const name = rules.seats.rememberedOf(seat, blocker);
    if (name < 0) return true;
    const known = this.#knownTo(this.#scene.part(state, Math.floor(name / NAMES)));
    return ((known >> (name % NAMES)) & 1) === 0;
  }
}

/** What a victim does is of a process, and counted once; the rest is of a seat. */
function countersOf(count: Count, { layout, symbols }: Scene): readonly Counter[] {
  const first = { at: layout[count], count, symbol: 0 };
  return symbols === 1 || count === 'astray' ? [first] : [first, { at: layout.second[count], count, symbol: 1 }];
}

/** Forgets of the seats what can make no difference any more, so that there are fewer states. */
import { once } from '../numbers/interner.ts';
import { NAMES } from '../numbers/seats.ts';
import { writePart } from './layout.ts';
import type { Scene } from './scene.ts';

export class Forgetting {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  forget(state: Uint8Array): void {
    const { rules, layout, symbols } = this.#scene;
    const before = this.#scene.seat(state);
    let seat = before;
    for (let symbol = 0; symbol < symbols; symbol++) {
      if (!this.#isMentioned(state, rules.seats.previousOf(seat, symbol))) {
        seat = rules.seats.withoutPrevious(seat, symbol);
      }
      if (!this.#isMentioned(state, rules.seats.rememberedOf(seat, symbol))) {
        seat = rules.seats.withForgotten(seat, symbol);
      }
    }
    if (seat !== before) writePart(state, layout.seat, seat);
  }

  /** A session name of a device that nothing mentions. */
  freeName(state: Uint8Array, device: number): number {
    const { rules, symbols } = this.#scene;
    const seat = this.#scene.seat(state);
    let used = this.#mentioned(this.#scene.part(state, device));
    for (let symbol = 0; symbol < symbols; symbol++) {
      used |= bitOf(rules.seats.rememberedOf(seat, symbol), device);
      used |= bitOf(rules.seats.previousOf(seat, symbol), device);
    }
    const name = 31 - Math.clz32(~used & -~used);
    if (name >= NAMES) throw new Error(`more than ${NAMES} sessions of one device are in use`);
    return name;
  }

  /** The session names of a device that its processes and their messages mention, a bit each. */
  readonly #mentioned = once((part: number): number => {
    const { rules, parts } = this.#scene;
    return parts
      .part(part)
      .processes.reduce(
        (names, { agent, mail }) =>
          mail.reduce((more, message) => more | rules.mail.namesIn(message), names | rules.agents.namesIn(agent)),
        0,
      );
  });

  #isMentioned(state: Uint8Array, name: number): boolean {
    if (name < 0) return false;
    const device = (name / NAMES) | 0;
    return ((this.#mentioned(this.#scene.part(state, device)) >> (name % NAMES)) & 1) === 1;
  }
}

/** The bit of a name, if it is one of that device. */
function bitOf(name: number, device: number): number {
  return name >= 0 && Math.floor(name / NAMES) === device ? 1 << (name % NAMES) : 0;
}

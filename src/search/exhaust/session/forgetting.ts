/** Forgets what can make no difference any more, so that there are fewer states. */
import { eachMessage } from './bag.ts';
import { write16 } from './layout.ts';
import { LAST_REQUEST } from './normal.ts';
import { NAMES } from './seats.ts';
import type { Scene } from './scene.ts';

const ALL_REQUESTS = (1 << (LAST_REQUEST + 1)) - 1;

export class Forgetting {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  forget(state: Uint8Array): void {
    const { rules, layout, processes, symbols } = this.#scene;
    for (let process = 0; process < processes; process++) {
      if (this.#scene.message(state, process, 0) >= 0) this.#number(state, process);
      else write16(state, layout.agent(process), rules.atEase(this.#scene.agent(state, process)));
    }
    let seat = this.#scene.seat(state);
    for (let symbol = 0; symbol < symbols; symbol++) {
      if (!this.#isMentioned(state, rules.seats.previousOf(seat, symbol))) {
        seat = rules.seats.withoutPrevious(seat, symbol);
      }
      if (!this.#isMentioned(state, rules.seats.rememberedOf(seat, symbol))) {
        seat = rules.seats.withForgotten(seat, symbol);
      }
    }
    write16(state, layout.seat, seat);
  }

  /** A session name of a device that nothing mentions. */
  freeName(state: Uint8Array, device: number): number {
    const { rules, symbols } = this.#scene;
    const seat = this.#scene.seat(state);
    let used = this.#mentioned(state, device);
    for (let symbol = 0; symbol < symbols; symbol++) {
      used |= bitOf(rules.seats.rememberedOf(seat, symbol), device);
      used |= bitOf(rules.seats.previousOf(seat, symbol), device);
    }
    const name = 31 - Math.clz32(~used & -~used);
    if (name >= NAMES) throw new Error(`more than ${NAMES} sessions of one device are in use`);
    return name;
  }

  /** Numbers the requests of a process anew where there are gaps between them: only their order counts. */
  #number(state: Uint8Array, process: number): void {
    const { rules, layout } = this.#scene;
    let bits = (1 << LAST_REQUEST) | rules.requestsInAgent(this.#scene.agent(state, process));
    for (let slot = 0; ; slot++) {
      const message = this.#scene.message(state, process, slot);
      if (message < 0) break;
      bits |= rules.requestInMessage(message);
    }
    const gaps = ~bits & ALL_REQUESTS;
    // Where those that are missing are the lowest there are no gaps.
    if ((gaps & (gaps + 1)) === 0) return;
    write16(state, layout.agent(process), rules.agentWithOrder(this.#scene.agent(state, process), bits));
    eachMessage(state, layout, process, (message) => rules.messageWithOrder(message, bits));
  }

  /** The session names of a device that its processes and their messages mention, a bit each. */
  #mentioned(state: Uint8Array, device: number): number {
    const { rules, deviceOf, processes } = this.#scene;
    let names = 0;
    for (let process = 0; process < processes; process++) {
      if (deviceOf[process] !== device) continue;
      names |= rules.namesInAgent(this.#scene.agent(state, process));
      for (let slot = 0; ; slot++) {
        const message = this.#scene.message(state, process, slot);
        if (message < 0) break;
        names |= rules.namesInMessage(message);
      }
    }
    return names;
  }

  #isMentioned(state: Uint8Array, name: number): boolean {
    return name >= 0 && ((this.#mentioned(state, (name / NAMES) | 0) >> (name % NAMES)) & 1) === 1;
  }
}

/** The bit of a name, if it is one of that device. */
function bitOf(name: number, device: number): number {
  return name >= 0 && Math.floor(name / NAMES) === device ? 1 << (name % NAMES) : 0;
}

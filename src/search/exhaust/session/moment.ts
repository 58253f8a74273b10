/**
 * Which of all that can happen in a moment need be tried, and in which order. What one process does by itself makes no
 * difference to the others, nor they to it, until its request has arrived: so much of it is tried in one order only.
 */
import { actionOf, actionOn, KIND, writeActions, type KindOfProcess } from './actions.ts';
import { ENDING, looseOf, turnFor, turnOf } from './layout.ts';
import { LAST_REQUEST } from './normal.ts';
import type { Scene } from './scene.ts';

export class Moment {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Whose turn it is, counted from 1; 0 where it is everybody's. */
  turn(state: Uint8Array): number {
    return turnOf(state[this.#scene.layout.turn]!);
  }

  /** Whether everybody can act, so that whoever sends something could as well have waited for the others. */
  isOpen(state: Uint8Array): boolean {
    return this.turn(state) === 0 && this.firstByItself(state) < 0;
  }

  /** It is the turn of a process, from its sending of a request, with `loose` of its messages on their way before, until it has arrived. */
  begin(state: Uint8Array, process: number, loose: number): void {
    state[this.#scene.layout.turn] = turnFor(process + 1, loose);
  }

  end(state: Uint8Array): void {
    state[this.#scene.layout.turn] = 0;
  }

  /** Writes what is to be tried in a state, in rising order, and says how much it is. */
  choices(state: Uint8Array, into: Uint16Array): number {
    const { processes, deviceOf, symbols, layout } = this.#scene;
    const turn = this.turn(state);
    const only = turn > 0 ? turn - 1 : this.firstByItself(state);
    let found = 0;
    if (only < 0) {
      into[found++] = KIND.tick;
      into[found++] = KIND.sweep;
    }
    if (this.#scene.isDown(state)) {
      if (only < 0) into[found++] = KIND['server-up'];
    } else if ((only < 0 || turn > 0) && state[layout.faults] !== 0) into[found++] = KIND['server-down'];
    for (let process = 0; process < processes; process++) {
      if (only < 0 || process === only) {
        const messages = this.#scene.countMessages(state, process);
        found = writeActions(into, found, process, {
          messages,
          symbols,
          faults: state[layout.faults] !== 0,
        });
      } else if (turn > 0 && deviceOf[process] === deviceOf[only]) {
        // A device that falls asleep in the turn of its bot is woken in that of its launcher.
        into[found++] = actionOf(process, 'wake');
      }
    }
    return found;
  }

  /** The one thing that need be tried next; -1 where there are several. */
  forced(state: Uint8Array): number {
    const turn = this.turn(state);
    for (let process = 0; process < this.#scene.processes; process++) {
      if (turn > 0 && turn - 1 !== process) continue;
      const slot = this.#firstVoid(state, process);
      if (slot >= 0) return actionOn(process, slot, 'deliver');
    }
    // It could be up again before.
    if (state[this.#scene.layout.faults] !== 0 || this.#scene.isDown(state)) return -1;
    const process = turn > 0 ? turn - 1 : this.firstByItself(state);
    if (process < 0 || this.#scene.sleeps(state, process) || this.#scene.isIdle(state, process)) return -1;
    return this.#onlyActionOf(state, process);
  }

  /** Of a process that has begun something, where no fault is left. */
  #onlyActionOf(state: Uint8Array, process: number): number {
    const { rules, layout } = this.#scene;
    const kinds: KindOfProcess[] = [];
    if (rules.isDue(this.#scene.agent(state, process))) kinds.push('time');
    if (state[layout.work(process)]! >= ENDING) kinds.push('at-rest');
    const messages = this.#scene.countMessages(state, process);
    const [kind] = kinds;
    if (kind !== undefined) return kinds.length === 1 && messages === 0 ? actionOf(process, kind) : -1;
    if (messages === 0) return -1;
    if (messages === 1) return actionOn(process, 0, 'deliver');
    // What was on its way before its turn came could have arrived before.
    const isOnlyNew = this.turn(state) > 0 && messages === looseOf(state[layout.turn]!) + 1;
    for (let slot = 0; isOnlyNew && slot < messages; slot++) {
      const request = rules.requestInMessage(this.#scene.message(state, process, slot));
      if (request === 1 << LAST_REQUEST) return actionOn(process, slot, 'deliver');
    }
    return -1;
  }

  /** Where a process has an answer that it does not heed, now or after another start; -1 where it has none. */
  #firstVoid(state: Uint8Array, process: number): number {
    const { rules } = this.#scene;
    if (this.#scene.sleeps(state, process) || this.#scene.isCut(state, process)) return -1;
    const agent = this.#scene.agent(state, process);
    for (let slot = 0; ; slot++) {
      const message = this.#scene.message(state, process, slot);
      if (message < 0) return -1;
      if (!rules.isRequest(message) && rules.isUrgent(message) && rules.isVoid(agent, message)) return slot;
    }
  }

  /**
   * A process that must do something before time passes, which sends nothing, and of which nothing is on its way to the
   * server. Chosen by what the process is like, not by its number, so that devices can change places. -1 where there is none.
   */
  firstByItself(state: Uint8Array): number {
    let first = -1;
    for (let process = 0; process < this.#scene.processes; process++) {
      if (!this.#isByItself(state, process)) continue;
      const order = first < 0 ? -1 : this.#scene.compare(state, process, first);
      if (order === 0) return -1;
      if (order < 0) first = process;
    }
    return first;
  }

  #isByItself(state: Uint8Array, process: number): boolean {
    const { rules, layout, restUnits, isAlone } = this.#scene;
    if (!isAlone[process]!) return false;
    let must = false;
    for (let slot = 0; ; slot++) {
      const message = this.#scene.message(state, process, slot);
      if (message < 0) break;
      if (rules.isRequest(message) && !this.#scene.isCut(state, process)) return false;
      must ||= rules.isUrgent(message);
    }
    if (must || this.#scene.sleeps(state, process)) return must;
    const agent = this.#scene.agent(state, process);
    return rules.isDueAlone(agent) || (state[layout.work(process)]! >= ENDING + restUnits && rules.restsAlone(agent));
  }
}

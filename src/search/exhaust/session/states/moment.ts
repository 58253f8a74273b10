/**
 * Which of all that can happen in a moment need be tried, and in which order. What one process does by itself makes no
 * difference to the others, nor they to it, until its request has arrived: so much of it is tried in one order only.
 */
import { once, onceForEach, oncePerCell } from '../numbers/interner.ts';
import { LAST_REQUEST } from '../numbers/normal.ts';
import { firstOf, KIND, numberOfKind, numberOfStart, numberOn, type KindOfProcess } from './actions.ts';
import type { Lasting } from './lasting.ts';
import { looseOf, turnFor, turnOf } from './layout.ts';
import { ENDING } from './part.ts';
import { hasSent } from './parts.ts';
import type { Scene } from './scene.ts';

/** In place of how many messages were on their way before a turn: it is nobody's. */
const NO_TURN = -1;

export class Moment {
  readonly #scene: Scene;
  readonly #lasting: Lasting;

  constructor(scene: Scene, lasting: Lasting) {
    this.#scene = scene;
    this.#lasting = lasting;
  }

  /** Whose turn it is, counted from 1; 0 where it is everybody's. */
  turn(state: Uint8Array): number {
    return turnOf(state[this.#scene.layout.turn]!);
  }

  /** Whether everybody can act, so that whoever sends something could as well have waited for the others. */
  isOpen(state: Uint8Array): boolean {
    return this.turn(state) === 0 && this.#firstByItself(state) < 0 && !this.#isAnyOrder(state);
  }

  /** Whether every order is to be tried: what lasts goes on or not by who begins or ends something first. */
  #isAnyOrder(state: Uint8Array): boolean {
    return this.#lasting.isCounting(state);
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
    const { processes, deviceOf, placeOf, parts, layout } = this.#scene;
    const turn = this.turn(state);
    const only = turn > 0 ? turn - 1 : this.#isAnyOrder(state) ? -1 : this.#firstByItself(state);
    const faults = state[layout.faults] !== 0;
    let found = 0;
    if (only < 0) {
      into[found++] = KIND.tick;
      into[found++] = KIND.sweep;
    }
    if (only < 0 || turn > 0) {
      if (this.#scene.isDown(state)) into[found++] = KIND['server-up'];
      else if (faults) into[found++] = KIND['server-down'];
    }
    for (let process = 0; process < processes; process++) {
      const device = deviceOf[process]!;
      if (only < 0 || process === only) {
        const first = firstOf(process);
        for (const own of parts.possible(this.#scene.part(state, device), placeOf[process]!, faults)) {
          into[found++] = first + own;
        }
      } else if (turn > 0 && device === deviceOf[only]) {
        // A device that falls asleep in the turn of its bot is woken in that of its launcher.
        into[found++] = firstOf(process) + numberOfKind('wake');
      }
    }
    return found;
  }

  /** The one thing that need be tried next; -1 where there are several. */
  forced(state: Uint8Array): number {
    const { processes, layout } = this.#scene;
    const turn = this.turn(state);
    for (let process = 0; process < processes; process++) {
      if (turn > 0 && turn - 1 !== process) continue;
      const own = this.#ofProcess(this.#firstVoid, state, process);
      if (own >= 0) return firstOf(process) + own;
    }
    if (state[layout.faults] !== 0) return -1;
    const process = turn > 0 ? turn - 1 : this.#firstByItself(state);
    if (process < 0) return this.#scene.isDown(state) ? -1 : this.#firstToAsk(state);
    const loose = turn > 0 ? looseOf(state[layout.turn]!) : NO_TURN;
    const part = this.#partOf(state, process);
    const which = this.#scene.placeOf[process]!;
    if (this.#scene.isDown(state) && turn > 0 && this.#isOnlyLast(part, which) === 0) return -1;
    const own = this.#onlyAction(part, (loose + 1) * 2 + which);
    return own < 0 ? -1 : firstOf(process) + own;
  }

  /**
   * A start that is refused, and changes nothing but that its user may agree to take over then: whoever knows that can
   * do all that others can. -1 where there is none.
   */
  #firstToAsk(state: Uint8Array): number {
    const { processes, symbols, deviceOf, placeOf, rules } = this.#scene;
    const seat = this.#scene.seat(state);
    let first = -1;
    let least = 0;
    for (let process = 0; process < processes; process++) {
      const device = deviceOf[process]!;
      const part = this.#scene.part(state, device);
      const agent = this.#asker(part, placeOf[process]!);
      if (agent < 0 || (first >= 0 && part >= least)) continue;
      for (let symbol = 0; symbol < symbols; symbol++) {
        if (!rules.learnsOnly(seat, agent, device, symbol)) continue;
        first = firstOf(process) + numberOfStart(symbol);
        least = part;
        break;
      }
    }
    return first;
  }

  /** The agent of a process that can be started, with nothing of it under way, and knows of no refusal; -1 for others. */
  readonly #asker = oncePerCell(2, (part, which) => {
    const { rules, parts } = this.#scene;
    const { asleep, cut, processes } = parts.part(part);
    const { agent, mail } = processes[which]!;
    return asleep || cut || mail.length > 0 || !rules.agents.mayLearn(agent) ? -1 : agent;
  });

  /** Whether a request of a process is on its way that arrives in this moment, or never. */
  awaits(state: Uint8Array, process: number): boolean {
    return this.#ofProcess(this.#awaits, state, process);
  }

  /** Whether a process that reaches the server again is about to send something. */
  sendsNow(state: Uint8Array, process: number): boolean {
    const { isAlone, parts, placeOf } = this.#scene;
    return (
      isAlone[process]! && hasSent(parts.after(this.#partOf(state, process), placeOf[process]!, numberOfKind('time')))
    );
  }

  #partOf(state: Uint8Array, process: number): number {
    return this.#scene.part(state, this.#scene.deviceOf[process]!);
  }

  #ofProcess<Result>(what: (part: number, which: number) => Result, state: Uint8Array, process: number): Result {
    return what(this.#partOf(state, process), this.#scene.placeOf[process]!);
  }

  readonly #awaits = onceForEach((part: number, which: number): boolean => {
    const { rules, parts } = this.#scene;
    return parts
      .part(part)
      .processes[which]!.mail.some((each) => rules.mail.isRequest(each) && rules.mail.isUrgent(each));
  });

  /** Whether all that is under way is the last request: who comes to be reached again before it is lost could have been before it was sent. */
  readonly #isOnlyLast = oncePerCell(2, (part, which) => {
    const { rules, parts } = this.#scene;
    const { mail } = parts.part(part).processes[which]!;
    return mail.length === 1 && rules.mail.requestIn(mail[0]!) === 1 << LAST_REQUEST ? 1 : 0;
  });

  /** Of a process that has begun something, where no fault is left; `code` says which, and how much was under way when its turn came. */
  readonly #onlyAction = onceForEach((part: number, code: number): number => {
    const { rules, parts } = this.#scene;
    const which = code % 2;
    const loose = (code >> 1) - 1;
    const { asleep, cut, processes } = parts.part(part);
    const { agent, work, mail } = processes[which]!;
    // It could wake up or be started first; or reach the server again, unless that could as well have come before.
    const isLost = cut && mail.length > 0 && (loose === NO_TURN || this.#isOnlyLast(part, which) === 0);
    if (asleep || isLost || rules.agents.phase(agent) === 'idle') return -1;
    const kinds: KindOfProcess[] = [];
    if (rules.isDue(agent)) kinds.push('time');
    if (work >= ENDING) kinds.push('at-rest');
    const [kind] = kinds;
    if (kind !== undefined) return kinds.length === 1 && mail.length === 0 ? numberOfKind(kind) : -1;
    // Of those that are the same, any will do.
    if (mail.length > 0 && mail.every((message) => message === mail[0])) return numberOn(0, 'deliver');
    // What was on its way before its turn came could have arrived before.
    if (loose === NO_TURN && mail.length === 2 && rules.comeInAnyOrder(agent, mail[0]!, mail[1]!)) {
      return numberOn(0, 'deliver');
    }
    const isOnlyNew = loose !== NO_TURN && mail.length === loose + 1;
    const last = mail.findIndex((message) => rules.mail.requestIn(message) === 1 << LAST_REQUEST);
    return isOnlyNew && last >= 0 ? numberOn(last, 'deliver') : -1;
  });

  /** Where a process has an answer that it does not heed, now or after another start: its delivery; -1 where it has none. */
  readonly #firstVoid = onceForEach((part: number, which: number): number => {
    const { rules, parts } = this.#scene;
    const { asleep, cut, processes } = parts.part(part);
    if (asleep || cut) return -1;
    const { agent, mail } = processes[which]!;
    const slot = mail.findIndex(
      (message) => !rules.mail.isRequest(message) && rules.mail.isUrgent(message) && rules.isVoid(agent, message),
    );
    return slot < 0 ? -1 : numberOn(slot, 'deliver');
  });

  /**
   * A process that must do something before time passes, which sends nothing, and of which nothing is on its way to the
   * server. Chosen by what the process is like, not by its number, so that devices can change places. -1 where there is none.
   */
  #firstByItself(state: Uint8Array): number {
    const { processes, isAlone } = this.#scene;
    let first = -1;
    let least = 0;
    for (let process = 0; process < processes; process++) {
      const part = this.#partOf(state, process);
      if (!isAlone[process]! || !this.#isByItself(part)) continue;
      if (first >= 0 && part === least) return -1;
      if (first >= 0 && part > least) continue;
      first = process;
      least = part;
    }
    return first;
  }

  readonly #isByItself = once((number: number): boolean => {
    const { rules, parts, restUnits } = this.#scene;
    const { asleep, cut, processes } = parts.part(number);
    const { agent, work, mail } = processes[0]!;
    if (!cut && mail.some((message) => rules.mail.isRequest(message))) return false;
    if (mail.some((message) => rules.mail.isUrgent(message))) return true;
    if (asleep) return false;
    return rules.isDueAlone(agent) || (work >= ENDING + restUnits && rules.restsAlone(agent));
  });
}

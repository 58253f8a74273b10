/** What can befall a process in a state, as far as a glance tells: all that is possible, and little that is not. */
import { bitsOfMessage, bitsOfProcess, writeOfMessage, writeOfProcess, type KindOfProcess } from './actions.ts';
import { ENDING, MOST_MESSAGES } from './layout.ts';
import { CLIENT, MAIL } from './rules.ts';
import type { FaultKind, Scene } from './scene.ts';

const START = bitsOfProcess('start');
const TAKE_OVER = bitsOfProcess('take-over');
const TIME = bitsOfProcess('time');
const AT_REST = bitsOfProcess('at-rest');
const WAKE = bitsOfProcess('wake');
const HEAL = bitsOfProcess('heal');
const STOP = bitsOfProcess('stop');
const CRASH = bitsOfProcess('crash');
const SLEEP = bitsOfProcess('sleep');
const CUT = bitsOfProcess('cut');

const DELIVER = bitsOfMessage('deliver');
const DUPLICATE = bitsOfMessage('duplicate');
const FAIL = bitsOfMessage('fail');
const DELAY = bitsOfMessage('delay');

export class Possible {
  readonly #scene: Scene;
  /** The kinds that cost a fault, of those that there are in this world. */
  readonly #faultsOfProcess: number;
  readonly #faultsOfMessage: number;

  constructor(scene: Scene) {
    const { may } = scene;
    const kinds: readonly KindOfProcess[] = ['stop', 'crash', 'sleep', 'cut'];
    this.#scene = scene;
    this.#faultsOfProcess = bitsOfProcess(...kinds.filter((kind) => may[kind as FaultKind]));
    this.#faultsOfMessage =
      (may.loss ? bitsOfMessage('lose') : 0) |
      (may.duplicate ? DUPLICATE : 0) |
      (may['store-failure'] ? FAIL : 0) |
      (may.delay ? DELAY : 0);
  }

  /** Writes the actions in rising order, from `at` on; returns where they end. */
  write(state: Uint8Array, process: number, into: Uint16Array, at: number): number {
    const end = writeOfProcess(into, at, process, this.#ofProcess(state, process));
    return this.#writeOfMessages(state, process, into, end);
  }

  #ofProcess(state: Uint8Array, process: number): number {
    const { rules, layout, isFirst } = this.#scene;
    const faults = state[layout.faults] === 0 ? 0 : this.#faultsOfProcess;
    const isCut = this.#scene.isCut(state, process);
    const ofDevice = (isCut ? 0 : faults & CUT) | (isCut && isFirst[process]! ? HEAL : 0);
    if (this.#scene.sleeps(state, process)) return ofDevice | (isFirst[process]! ? WAKE : 0);
    const client = rules.client(this.#scene.agent(state, process));
    const isIdle = (client & CLIENT.idle) !== 0;
    return (
      ofDevice |
      (isIdle ? START : faults & SLEEP) |
      ((client & CLIENT.mayTakeOver) === 0 ? 0 : TAKE_OVER) |
      ((client & CLIENT.due) === 0 ? 0 : TIME) |
      (state[layout.work(process)]! < ENDING ? 0 : AT_REST) |
      ((client & (CLIENT.idle | CLIENT.stopping)) === 0 ? faults & STOP : 0) |
      ((client & CLIENT.fresh) === 0 ? faults & CRASH : 0)
    );
  }

  #writeOfMessages(state: Uint8Array, process: number, into: Uint16Array, at: number): number {
    const { rules, layout } = this.#scene;
    const faults = state[layout.faults] === 0 ? 0 : this.#faultsOfMessage;
    let end = at;
    let before = -1;
    for (let slot = 0; slot < MOST_MESSAGES; slot++) {
      const message = this.#scene.message(state, process, slot);
      if (message < 0) break;
      // Of two that are the same, either will do.
      if (message !== before) {
        const mail = rules.mail(message);
        const not =
          ((mail & MAIL.late) === 0 ? 0 : DELAY) |
          ((mail & MAIL.request) === 0 ? DUPLICATE | FAIL : 0) |
          ((mail & MAIL.orphan) === 0 ? 0 : FAIL);
        end = writeOfMessage(into, end, process, slot, DELIVER | (faults & ~not));
      }
      before = message;
    }
    return end;
  }
}

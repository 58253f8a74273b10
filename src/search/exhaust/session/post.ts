/** Which step of a way through the session model sent a message: in the model a message is a number that changes on its way. */
import { MOST_MESSAGES, read16 } from './layout.ts';
import type { Message } from './messages.ts';
import type { SessionModel } from './session-model.ts';

export class Post {
  readonly #model: SessionModel;
  /** Of each process and kind of message, the steps that sent those under way, oldest first. */
  readonly #sentBy = new Map<string, number[]>();
  #before: ReadonlyMap<string, number> = new Map();

  constructor(model: SessionModel) {
    this.#model = model;
  }

  /** The step that sent the message that this one handles, or -1 where it handles none; notes what this one sends. */
  step(index: number, state: Uint8Array, process: number, handled: Message | null): number {
    const kind = handled === null ? null : kindOf(process, handled);
    const sentBy = kind === null ? -1 : (this.#sentBy.get(kind)?.[0] ?? -1);
    const now = this.#underWay(state);
    for (const each of new Set([...this.#before.keys(), ...now.keys()])) {
      const change = (now.get(each) ?? 0) - (this.#before.get(each) ?? 0);
      const senders = this.#sentBy.get(each) ?? [];
      if (change > 0) this.#sentBy.set(each, [...senders, ...Array.from({ length: change }, () => index)]);
      if (change < 0) this.#sentBy.set(each, senders.slice(-change));
    }
    this.#before = now;
    return sentBy;
  }

  /** How many messages of each kind are under way. */
  #underWay(state: Uint8Array): ReadonlyMap<string, number> {
    const { deviceOf, layout, rules } = this.#model;
    const counts = new Map<string, number>();
    for (const process of deviceOf.keys()) {
      for (let slot = 0; slot < MOST_MESSAGES; slot++) {
        const number = read16(state, layout.message(process, slot));
        if (number === 0) break;
        const kind = kindOf(process, rules.message(number - 1));
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
    }
    return counts;
  }
}

const kindOf = (process: number, { way, body }: Message): string => `${process} ${way} ${body.type}`;

/** The messages of a client that wait while a batch is under way: first in, first out. */
import type { Message } from './framing.ts';

/** Messages that were taken are dropped together, which costs less than one by one. */
const MOST_TAKEN = 1024;

export class MessageQueue {
  #messages: Message[] = [];
  /** How many messages at its head have been taken. */
  #taken = 0;
  #bytes = 0;

  /** The size of the messages that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  add(message: Message): void {
    this.#messages.push(message);
    this.#bytes += message.bytes.length;
  }

  /** The first message, which leaves the queue; null where none waits. */
  take(): Message | null {
    const message = this.#messages[this.#taken];
    if (message === undefined) return null;
    this.#taken++;
    this.#bytes -= message.bytes.length;
    if (this.#taken === this.#messages.length || this.#taken > MOST_TAKEN) {
      this.#messages = this.#messages.slice(this.#taken);
      this.#taken = 0;
    }
    return message;
  }
}

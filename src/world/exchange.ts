/** A request and its answer, there and back through the network. */
import type { Command } from '../core/command.ts';
import type { Reply } from '../core/reply.ts';
import type { Fingerprint } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import type { AppServers, Request } from './app-server.ts';
import type { Message, Network } from './network.ts';
import type { OpenAnswer, Origin, Recorder } from './recorder.ts';
import type { TrueTime } from './time.ts';

/** Who sends a request, and what it presents as its device. */
export interface Sender {
  readonly actor: string;
  readonly device: Fingerprint;
}

/** What lies between senders and servers. */
export interface Between {
  readonly time: TrueTime;
  readonly recorder: Recorder;
  readonly network: Network;
  readonly servers: AppServers;
}

/** Sends a command; `told` is told the answer: never, once, or, where the network repeats messages, more often. */
export function exchange(
  between: Between,
  sender: Sender,
  origin: Origin,
  command: Command,
  told: (reply: Reply) => void,
): void {
  between.network.carry(sender.actor, 'requests', new Sending(between, sender, origin, command, told));
}

/** The request on its way. It may arrive twice, and is answered each time. */
class Sending implements Message, Request {
  readonly actor: string;
  readonly caller: Fingerprint;
  readonly sent: Instant;
  readonly origin: Origin;
  readonly command: Command;
  readonly #between: Between;
  readonly #told: (reply: Reply) => void;

  constructor(between: Between, sender: Sender, origin: Origin, command: Command, told: (reply: Reply) => void) {
    this.actor = sender.actor;
    this.caller = sender.device;
    this.sent = between.time.now;
    this.origin = origin;
    this.command = command;
    this.#between = between;
    this.#told = told;
  }

  arrive(): void {
    if (!this.#between.servers.take(this)) this.lost();
  }

  lost(): void {
    const { time, recorder } = this.#between;
    recorder.add({ type: 'request-lost', at: time.now, actor: this.actor, command: this.command });
  }

  answered(answer: OpenAnswer): void {
    this.#between.network.carry(this.actor, 'answers', new Answering(answer, this.#told));
  }
}

/** The answer on its way back. */
class Answering implements Message {
  readonly #answer: OpenAnswer;
  readonly #told: (reply: Reply) => void;

  constructor(answer: OpenAnswer, told: (reply: Reply) => void) {
    this.#answer = answer;
    this.#told = told;
  }

  arrive(): void {
    this.#answer.arrived = true;
    this.#told(this.#answer.reply);
  }

  lost(): void {
    // The answer was written down as one that had not arrived.
  }
}

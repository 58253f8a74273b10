/** The messages of a way through the session model, each as one thing: in the model they are numbers that change on their way. */
import type { ClientRequest } from '../../../../core/command.ts';
import type { RuleReply } from '../../../../core/reply.ts';
import type { Instant } from '../../../../core/time.ts';
import type { Message } from '../numbers/messages.ts';
import type { Scene } from '../states/scene.ts';

export interface Letter {
  readonly process: number;
  /** The step that sent it. */
  readonly sentBy: number;
  readonly content: Content;
  /** The steps at which it arrives, more than one where it was doubled. */
  readonly arrivals: number[];
  /** Whether it makes no difference what becomes of it. */
  isOpen: boolean;
}

/** `symbol` is that of the seat that it is about, `sentAt` is when the request was sent, on its sender's clock; `asked` is the step that sent it. */
export type Content = { readonly request: number; readonly symbol: string; readonly sentAt: Instant } & (
  | { readonly way: 'request'; readonly body: ClientRequest }
  | { readonly way: 'answer'; readonly body: RuleReply; readonly asked: number }
);

/** A letter on its way; a letter that was doubled is so twice. */
export interface Copy {
  readonly letter: Letter;
  /** The tick since which it is under way as what it is. */
  readonly since: number;
  late: boolean;
  orphan: boolean;
}

/** Where in the model a message is, and when. */
interface Place {
  readonly process: number;
  readonly slot: number;
  readonly tick: number;
}

/** All letters of a way, and the copies of them that are under way. */
export class Post {
  readonly letters: Letter[] = [];
  readonly #underWay: readonly Copy[][];
  readonly #scene: Scene;
  readonly #unit: number;

  constructor(scene: Scene, unit: number) {
    this.#scene = scene;
    this.#unit = unit;
    this.#underWay = scene.deviceOf.map(() => []);
  }

  write(process: number, sentBy: number, content: Content): Letter {
    const letter: Letter = { process, sentBy, content, arrivals: [], isOpen: false };
    this.letters.push(letter);
    return letter;
  }

  send(letter: Letter, tick: number): void {
    this.#underWay[letter.process]!.push({ letter, since: tick, late: false, orphan: false });
  }

  double(copy: Copy): void {
    this.#underWay[copy.letter.process]!.push({ ...copy });
  }

  takeOut(copy: Copy): void {
    const copies = this.#underWay[copy.letter.process]!;
    copies.splice(copies.indexOf(copy), 1);
  }

  /** Its process has crashed: nobody waits for an answer any more, so it makes no difference what becomes of one. */
  orphan(process: number): void {
    const copies = this.#underWay[process]!;
    for (const copy of copies) copy.orphan = true;
    for (const { letter } of copies.filter((copy) => copy.letter.content.way === 'answer')) letter.isOpen = true;
    copies.splice(0, copies.length, ...copies.filter((copy) => copy.letter.content.way === 'request'));
  }

  /** Which copy the model has in a slot of a process: of those that look alike, the older one is the one with the older request. */
  copyAt(state: Uint8Array, { process, slot, tick }: Place): Copy {
    const { rules } = this.#scene;
    const messages = this.#scene.processIn(state, process).mail.map((number) => rules.mail.message(number));
    const wanted = messages[slot]!;
    const looks = ({ way, body, symbol, underWay, late, orphan }: Message): string =>
      [way, body.type, rules.scopes[symbol]!.symbol, underWay, late, orphan].join();
    const alike = messages.filter((message) => looks(message) === looks(wanted)).sort((a, b) => a.request - b.request);
    const candidates = this.#underWay[process]!.filter(
      ({ letter: { content }, since, late, orphan }) =>
        [content.way, content.body.type, content.symbol, (tick - since) * this.#unit, late, orphan].join() ===
        looks(wanted),
    );
    const copy = candidates[alike.indexOf(wanted)];
    if (copy === undefined) throw new Error(`no letter is the ${wanted.way} '${wanted.body.type}' of the model`);
    return copy;
  }
}

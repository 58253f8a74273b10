/** The messages of a client that the proxy reads or writes anew. Pure. */
import type { Message, Vocabulary } from './framing.ts';
import { ProtocolViolation } from './problem.ts';

export const CLIENT: Vocabulary = { types: 'QFPBDECHSXdcfp', largest: 0x3f_ff_ff_ff };

/** A value as the client sent it: text, the bytes of a binary format, or null. */
export type Parameter = string | Buffer | null;

export const readQuery = (message: Message): string => new Reader(message).text();

export interface Parse {
  readonly name: string;
  readonly text: string;
  /** The number of parameter types and the types, as they stand in the message. */
  readonly types: Buffer;
}

export function readParse(message: Message): Parse {
  const reader = new Reader(message);
  return { name: reader.text(), text: reader.text(), types: reader.rest() };
}

export interface Bind {
  readonly portal: string;
  readonly statement: string;
  readonly parameters: readonly Parameter[];
}

export function readBind(message: Message): Bind {
  const reader = new Reader(message);
  const [portal, statement] = [reader.text(), reader.text()];
  const formats = Array.from({ length: reader.int16() }, () => reader.int16());
  const parameters = Array.from({ length: reader.int16() }, (_, i): Parameter => {
    const bytes = reader.bytes(reader.int32());
    // One format stands for all parameters, none for text.
    const format = formats.length === 1 ? formats[0] : formats[i];
    return bytes === null || format === 1 ? bytes : bytes.toString('utf8');
  });
  return { portal, statement, parameters };
}

/** The portal of an Execute. */
export const readExecute = (message: Message): string => new Reader(message).text();

/** The object id of the function of a FunctionCall. */
export const readFunctionCall = (message: Message): number => new Reader(message).int32();

/** What a Describe or a Close names: a statement (`S`) or a portal (`P`). */
export function readTarget(message: Message): { readonly kind: string; readonly name: string } {
  const reader = new Reader(message);
  return { kind: String.fromCharCode(reader.byte()), name: reader.text() };
}

export const writeQuery = (text: string): Buffer => messageOf('Q', cString(text));

export const writeParse = ({ name, text, types }: Parse): Buffer =>
  messageOf('P', Buffer.concat([cString(name), cString(text), types]));

export function messageOf(type: string, body: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(5 + body.length);
  bytes.write(type, 0, 'latin1');
  bytes.writeUInt32BE(4 + body.length, 1);
  body.copy(bytes, 5);
  return bytes;
}

export const cString = (text: string): Buffer => Buffer.from(`${text}\0`);

/** Reads the body of one message; everything that does not fit into it is a violation. */
class Reader {
  readonly #message: Message;
  #at = 5;

  constructor(message: Message) {
    this.#message = message;
  }

  byte(): number {
    return this.#take(1)[0] ?? 0;
  }

  int16(): number {
    return this.#take(2).readUInt16BE();
  }

  int32(): number {
    return this.#take(4).readInt32BE();
  }

  /** Null where the length is -1. */
  bytes(length: number): Buffer | null {
    return length === -1 ? null : this.#take(length);
  }

  text(): string {
    const { bytes } = this.#message;
    const end = bytes.indexOf(0, this.#at);
    if (end === -1) this.#fail();
    const text = bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  rest(): Buffer {
    return this.#message.bytes.subarray(this.#at);
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (length < 0 || end > this.#message.bytes.length) this.#fail();
    const taken = this.#message.bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  #fail(): never {
    throw new ProtocolViolation('client', `sent a message '${this.#message.type}' that ends too early`);
  }
}

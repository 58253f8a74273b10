/**
 * Where a message of the Postgres protocol begins and ends. A connection opens with packets without a type byte
 * (`readOpening`); every later message has a type byte and a length (`Framer`). Pure: bytes in, messages out.
 */
import { ProtocolViolation, type Party } from './problem.ts';

export interface Message {
  /** The type byte as a character, for example `Q`. */
  readonly type: string;
  /** The whole message with type byte and length. May share its memory with other messages. */
  readonly bytes: Buffer;
}

/** What a sender may send at one stage of a connection. */
export interface Vocabulary {
  /** The type bytes. */
  readonly types: string;
  /** The largest length of a message, in bytes. */
  readonly largest: number;
}

const HEADER = 5;

/** Cuts the bytes of one direction of one connection into messages, whatever chunks they arrive in. */
export class Framer {
  readonly #sender: Party;
  #vocabulary: Vocabulary;
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes without which the next message cannot be complete. */
  #needed = HEADER;

  constructor(vocabulary: Vocabulary, sender: Party) {
    this.#vocabulary = vocabulary;
    this.#sender = sender;
  }

  /** From the next chunk on. */
  expect(vocabulary: Vocabulary): void {
    this.#vocabulary = vocabulary;
  }

  /** The messages that this chunk completes. Throws `ProtocolViolation`. */
  push(chunk: Buffer): readonly Message[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return [];
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#length);
    const messages: Message[] = [];
    const { types, largest } = this.#vocabulary;
    let at = 0;
    this.#needed = HEADER;
    while (bytes.length - at >= HEADER) {
      const type = String.fromCharCode(bytes[at] ?? 0);
      const length = bytes.readUInt32BE(at + 1);
      if (!types.includes(type) || length < 4 || length > largest) {
        throw new ProtocolViolation(this.#sender, `sent no Postgres message: ${quoteBytes(bytes.subarray(at))}`);
      }
      const end = at + 1 + length;
      if (end > bytes.length) {
        this.#needed = 1 + length;
        break;
      }
      messages.push({ type, bytes: bytes.subarray(at, end) });
      at = end;
    }
    this.#length = bytes.length - at;
    this.#chunks = this.#length === 0 ? [] : [bytes.subarray(at)];
    return messages;
  }
}

export type Opening =
  | { readonly type: 'tls' }
  /** A TLS handshake without a request for it, as by libpq's `sslnegotiation=direct`. */
  | { readonly type: 'direct-tls' }
  | { readonly type: 'gss' }
  | { readonly type: 'cancel'; readonly bytes: Buffer; readonly pid: number; readonly secret: Buffer }
  /** `parameters` are those of the startup message: `user`, `database`, `application_name` and others. */
  | { readonly type: 'startup'; readonly bytes: Buffer; readonly parameters: ReadonlyMap<string, string> };

const CANCEL = 80_877_102;
const TLS = 80_877_103;
const GSS = 80_877_104;
const PROTOCOL_MAJOR = 3;
const TLS_HANDSHAKE = 0x16;
/** The limit of Postgres itself, in bytes. It also tells other protocols apart: their first four bytes make a large number. */
const LARGEST_OPENING = 10_000;

/**
 * The packet that opens a connection, and how many bytes it takes; null when it is not complete yet. Throws
 * `ProtocolViolation` for a client that speaks another protocol.
 */
export function readOpening(bytes: Buffer): { readonly opening: Opening; readonly length: number } | null {
  if (bytes[0] === TLS_HANDSHAKE) return { opening: { type: 'direct-tls' }, length: 0 };
  if (bytes.length < 4) return null;
  const length = bytes.readUInt32BE(0);
  if (length < 8 || length > LARGEST_OPENING) {
    throw new ProtocolViolation('client', `does not speak the Postgres protocol: it sent ${quoteBytes(bytes)}`);
  }
  if (bytes.length < length) return null;
  const packet = bytes.subarray(0, length);
  return { opening: openingOf(packet), length };
}

function openingOf(bytes: Buffer): Opening {
  const code = bytes.readUInt32BE(4);
  switch (code) {
    case TLS:
      return { type: 'tls' };
    case GSS:
      return { type: 'gss' };
    case CANCEL:
      if (bytes.length < 12) throw new ProtocolViolation('client', 'sent a cancel request without a process id');
      return { type: 'cancel', bytes, pid: bytes.readInt32BE(8), secret: bytes.subarray(12) };
    default:
      if (code >>> 16 !== PROTOCOL_MAJOR) {
        throw new ProtocolViolation(
          'client',
          `asks for version ${code >>> 16}.${code & 0xffff} of the Postgres protocol; only version 3 is supported`,
        );
      }
      return { type: 'startup', bytes, parameters: parametersOf(bytes) };
  }
}

/** A startup message with other parameters. */
export function writeStartup(bytes: Buffer, parameters: ReadonlyMap<string, string>): Buffer {
  const words = [...parameters].flatMap(([name, value]) => [name, value]);
  const body = Buffer.from(`${words.join('\0')}\0\0`);
  const head = Buffer.from(bytes.subarray(0, 8));
  head.writeUInt32BE(8 + body.length);
  return Buffer.concat([head, body]);
}

function parametersOf(bytes: Buffer): ReadonlyMap<string, string> {
  const words = bytes.toString('utf8', 8).split('\0');
  const parameters = new Map<string, string>();
  for (let i = 0; i + 1 < words.length && words[i] !== ''; i += 2) parameters.set(words[i] ?? '', words[i + 1] ?? '');
  return parameters;
}

/** At most 16 bytes, as text where they are text: `"GET / HTTP/1.1"`, `0x4a000000`. */
function quoteBytes(bytes: Buffer): string {
  const start = bytes.subarray(0, 16);
  const text = start.toString('latin1').replace(/\r?\n[^]*$/, '');
  return /^[\x20-\x7e]{4,}$/.test(text) ? JSON.stringify(text) : `0x${start.toString('hex')}`;
}

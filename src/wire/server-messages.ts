/** The messages of a server that the proxy reads, by `pg-protocol`, or writes itself. Pure. */
import { Parser } from 'pg-protocol/dist/parser.js';
import type {
  BackendKeyDataMessage,
  CommandCompleteMessage,
  DatabaseError,
  ParameterStatusMessage,
  ReadyForQueryMessage,
  BackendMessage,
} from 'pg-protocol/dist/messages.js';
import { cString, messageOf } from './client-messages.ts';
import type { Message, Vocabulary } from './framing.ts';
import { ProtocolViolation, type WireError } from './problem.ts';

/** Until the server accepts the client. Text of another protocol makes a length beyond this limit, which is libpq's. */
export const STARTING_SERVER: Vocabulary = { types: 'RKSZENv', largest: 30_000 };

export const SERVER: Vocabulary = { types: 'RKSZTDCEN123tnsIGHWdcAVv', largest: 0x3f_ff_ff_ff };

/** What a server sends without being asked, at any time. */
export const UNASKED: ReadonlySet<string> = new Set(['N', 'A', 'S']);

export const readError = (message: Message): DatabaseError => parse(message) as unknown as DatabaseError;

export const readTag = (message: Message): string => (parse(message) as CommandCompleteMessage).text;

export const readStatus = (message: Message): string => (parse(message) as ReadyForQueryMessage).status;

export const readKey = (message: Message): { readonly pid: number; readonly secret: Buffer } => ({
  pid: (parse(message) as BackendKeyDataMessage).processID,
  // The parser reads the four bytes of protocol 3.0; from 3.2 on there can be up to 256.
  secret: message.bytes.subarray(9),
});

export function readParameter(message: Message): { readonly name: string; readonly value: string } {
  const { parameterName, parameterValue } = parse(message) as ParameterStatusMessage;
  return { name: parameterName, value: parameterValue };
}

/** The type byte decides what the parser makes of a message, and the caller has looked at it. */
function parse(message: Message): BackendMessage {
  const parsed: BackendMessage[] = [];
  try {
    new Parser().parse(message.bytes, (each) => parsed.push(each));
  } catch (cause) {
    throw new ProtocolViolation('server', `sent a message '${message.type}' that cannot be read`, { cause });
  }
  return parsed[0] as BackendMessage;
}

const SASL = 10;
const CHANNEL_BINDING = 'SCRAM-SHA-256-PLUS';

/**
 * The offer of authentication without SCRAM-SHA-256-PLUS: it binds the exchange to one TLS connection, and through a proxy
 * there are two. Other messages are returned as they are.
 */
export function withoutChannelBinding(message: Message): Buffer {
  const { type, bytes } = message;
  if (type !== 'R' || bytes.length < 9 || bytes.readInt32BE(5) !== SASL) return bytes;
  const mechanisms = bytes.toString('latin1', 9).split('\0');
  if (!mechanisms.includes(CHANNEL_BINDING)) return bytes;
  const rest = mechanisms.filter((name) => name !== CHANNEL_BINDING).join('\0');
  return messageOf('R', Buffer.concat([bytes.subarray(5, 9), Buffer.from(rest, 'latin1')]));
}

export function writeError({ code, message, severity = 'ERROR' }: WireError): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${message}`].map((field) => cString(field));
  return messageOf('E', Buffer.concat([...fields, Buffer.from([0])]));
}

export const writeReady = (status: string): Buffer => messageOf('Z', Buffer.from(status, 'latin1'));

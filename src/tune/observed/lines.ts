/** The lines of a text file, a chunk at a time: a file of any length, and even one without line ends, takes little room. */
import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { UsageError } from '../../core/failures.ts';

export interface Chunk {
  readonly lines: readonly string[];
  /** Of the file, in bytes. */
  readonly read: number;
}

const CHUNK = 1 << 20;
/** No line of heartbeats is as long; a file without line ends is not read to its end to find out. */
const MOST_IN_A_LINE = 1 << 16;

/** Throws `UsageError` for what is no text. */
export async function* linesOf(file: string): AsyncIterable<Chunk> {
  const input = createReadStream(file, { highWaterMark: CHUNK });
  let decoder: TextDecoder | null = null;
  let rest = '';
  for await (const chunk of input as AsyncIterable<Buffer>) {
    decoder ??= decoderFor(chunk, file);
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MOST_IN_A_LINE) {
      throw new UsageError(`'${file}' is no CSV file: it has a line of more than ${MOST_IN_A_LINE} characters`);
    }
    yield { lines: lines.map(withoutReturn), read: input.bytesRead };
  }
  if (rest !== '') yield { lines: [withoutReturn(rest)], read: input.bytesRead };
}

/** By the byte order mark, which it also leaves out. Spreadsheets write UTF-16. */
function decoderFor(begin: Buffer, file: string): TextDecoder {
  const [first, second] = begin;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  if (begin.subarray(0, 1024).includes(0) || (first === 0x1f && second === 0x8b)) {
    throw new UsageError(`'${file}' is no text; if it is compressed, unpack it first`);
  }
  return new TextDecoder('utf-8');
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

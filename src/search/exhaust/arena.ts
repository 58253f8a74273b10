/** All states found, in the order in which they were found, which is also the queue of those still to be expanded. */

/** Records are kept in chunks, so that growing copies nothing. */
const CHUNK_BITS = 16;
const CHUNK_RECORDS = 1 << CHUNK_BITS;

/** Of every state it is kept where it was found: the number of a state, and of an action. */
const ORIGIN_WORDS = 2;

/** The parent of a state that the model begins with. */
export const NO_PARENT = -1;

/** The words of states, chunk by chunk; null where all are expanded. */
export type Chunks = (Int32Array | null)[];

/**
 * Append-only. States are numbered from 0. Their words are shared, so that other threads can read what is there already,
 * and dropped once they are expanded: the way to a state can be gone again.
 */
export class Arena {
  count = 0;
  readonly chunks: Chunks = [];
  private readonly origins: Int32Array[] = [];
  private readonly words: number;

  constructor(words: number) {
    this.words = words;
  }

  /** Whether the next `append` needs `makeRoom` first. */
  get isFull(): boolean {
    return this.count === this.chunks.length * CHUNK_RECORDS;
  }

  makeRoom(): void {
    this.chunks.push(new Int32Array(new SharedArrayBuffer(bytesOf(this.words))));
    this.origins.push(new Int32Array(CHUNK_RECORDS * ORIGIN_WORDS));
  }

  /** What `makeRoom` takes. */
  get chunkBytes(): number {
    return bytesOf(this.words) + bytesOf(ORIGIN_WORDS);
  }

  get bytes(): number {
    const kept = this.chunks.reduce((count, chunk) => (chunk === null ? count : count + 1), 0);
    return kept * bytesOf(this.words) + this.origins.length * bytesOf(ORIGIN_WORDS);
  }

  /** The state is the words of `from` that begin at `at`. */
  append(parent: number, action: number, from: Int32Array, at: number): number {
    const id = this.count++;
    const origins = this.origins[id >>> CHUNK_BITS]!;
    const origin = recordOf(id, ORIGIN_WORDS);
    origins[origin] = parent;
    origins[origin + 1] = action;
    const chunk = chunkOf(this.chunks, id);
    const to = recordOf(id, this.words);
    for (let word = 0; word < this.words; word++) chunk[to + word] = from[at + word]!;
    return id;
  }

  parentOf(id: number): number {
    return this.origins[id >>> CHUNK_BITS]![recordOf(id, ORIGIN_WORDS)]!;
  }

  /** The action by which the state was found from its parent, or from one that is like its parent; of one to begin with, which it is. */
  actionOf(id: number): number {
    return this.origins[id >>> CHUNK_BITS]![recordOf(id, ORIGIN_WORDS) + 1]!;
  }
}

/** Drops the words of the states before `id`, all of which are expanded, as far as they fill chunks. */
export function dropBefore(chunks: Chunks, id: number): void {
  for (let at = (id >>> CHUNK_BITS) - 1; at >= 0 && chunks[at] !== null; at--) chunks[at] = null;
}

export function chunkOf(chunks: Readonly<Chunks>, id: number): Int32Array {
  return chunks[id >>> CHUNK_BITS]!;
}

/** Where in its chunk the record of a state begins. */
export function recordOf(id: number, words: number): number {
  return (id & (CHUNK_RECORDS - 1)) * words;
}

const bytesOf = (words: number): number => CHUNK_RECORDS * words * Int32Array.BYTES_PER_ELEMENT;

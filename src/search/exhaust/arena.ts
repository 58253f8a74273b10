/** All states found, in the order in which they were found, which is also the queue of those still to be expanded. */

/** Records are kept in chunks, so that growing copies nothing. */
const CHUNK_BITS = 16;
const CHUNK_RECORDS = 1 << CHUNK_BITS;

/** Before the words of its state, a record holds where it was found: the number of a state, and of an action. */
export const HEADER_WORDS = 2;

/** The parent of a state that the model begins with. */
export const NO_PARENT = -1;

/** Append-only. States are numbered from 0. Shared, so that other threads can read what is there already. */
export class Arena {
  count = 0;
  readonly chunks: Int32Array[] = [];
  private readonly words: number;

  constructor(words: number) {
    this.words = words;
  }

  /** Whether the next `append` needs `makeRoom` first. */
  get isFull(): boolean {
    return this.count === this.chunks.length * CHUNK_RECORDS;
  }

  makeRoom(): void {
    this.chunks.push(new Int32Array(new SharedArrayBuffer(this.chunkBytes)));
  }

  get chunkBytes(): number {
    return CHUNK_RECORDS * (HEADER_WORDS + this.words) * Int32Array.BYTES_PER_ELEMENT;
  }

  get bytes(): number {
    return this.chunks.length * this.chunkBytes;
  }

  /** The state is the words of `from` that begin at `at`. */
  append(parent: number, action: number, from: Int32Array, at: number): number {
    const id = this.count++;
    const chunk = chunkOf(this.chunks, id);
    let to = recordOf(id, this.words);
    chunk[to++] = parent;
    chunk[to++] = action;
    for (let word = 0; word < this.words; word++) chunk[to + word] = from[at + word]!;
    return id;
  }

  parentOf(id: number): number {
    return chunkOf(this.chunks, id)[recordOf(id, this.words)]!;
  }

  /** The words of one state; a copy. */
  stateOf(id: number): Int32Array {
    const at = recordOf(id, this.words) + HEADER_WORDS;
    return chunkOf(this.chunks, id).slice(at, at + this.words);
  }

  /** The action by which the state was found from its parent, or from one that is like its parent. */
  actionOf(id: number): number {
    return chunkOf(this.chunks, id)[recordOf(id, this.words) + 1]!;
  }
}

export function chunkOf(chunks: readonly Int32Array[], id: number): Int32Array {
  return chunks[id >>> CHUNK_BITS]!;
}

/** Where in its chunk the record of a state begins. */
export function recordOf(id: number, words: number): number {
  return (id & (CHUNK_RECORDS - 1)) * (HEADER_WORDS + words);
}

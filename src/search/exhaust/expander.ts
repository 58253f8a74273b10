/** Works out what follows from a range of states: proposals, in order, of which many are known already. */
import { chunkOf, recordOf, type Chunks } from './arena.ts';
import { hash, noHashes } from './hash.ts';
import type { Machine } from './machine.ts';
import { has } from './visited.ts';

/** A proposal is the parent, the action, two hashes, the signals of the laws and how many states were made so far, then the words of the state. */
export const PROPOSAL_HEADER = 6;

/** In place of an action: nothing can happen in the parent. */
export const DEAD_END = -1;

/** In place of an action: the thread that numbers parts must expand the parent itself. */
export const DEFERRED = -2;

export interface Proposals {
  readonly words: Int32Array;
  /** How much of `words` counts. */
  readonly used: number;
  /** How many states were made, known ones included. */
  readonly made: number;
  /** For each measured law, the largest value in a proposal and where the first such proposal begins. */
  readonly peaks: Peaks;
}

export interface Peaks {
  readonly values: readonly number[];
  readonly at: readonly number[];
}

/** Proposals that are being made. */
interface Writable {
  words: Int32Array;
  used: number;
  made: number;
  peaks: { values: number[]; at: number[] };
}

/** States proposed lately, so that most repetitions need no proposal; it fits a processor's cache. */
const RECENT_SLOTS = 1 << 14;

export class Expander {
  private readonly machine: Machine;
  private readonly defers: boolean;
  private readonly hashes = noHashes();
  private readonly recent = new Int32Array(RECENT_SLOTS * 2);

  /**
   * `defers`: a state whose expansion throws is left to the thread that numbers parts. It numbers the part that is unknown
   * here, or throws the same error: errors lose their class between threads.
   */
  constructor(machine: Machine, defers = false) {
    this.machine = machine;
    this.defers = defers;
  }

  /**
   * Expands the states from `from` to before `to`, and writes into `room`, or into more of it where that is too little.
   * What `table` has is left out. Its caller must take the proposals of one expander in the order in which they were made.
   */
  expand(chunks: Readonly<Chunks>, from: number, to: number, table: Int32Array, room: Int32Array): Proposals {
    const { words, measured, model } = this.machine;
    const most = model.actions * (PROPOSAL_HEADER + words);
    const proposals = {
      words: room,
      used: 0,
      made: 0,
      peaks: {
        values: Array.from({ length: measured }, () => -1),
        at: Array.from({ length: measured }, () => 0),
      },
    };
    for (let id = from; id < to; id++) {
      if (proposals.used + most > proposals.words.length) {
        proposals.words = larger(proposals.words, proposals.used + most);
      }
      const { used, made } = proposals;
      const peaks = measured === 0 ? null : structuredClone(proposals.peaks);
      try {
        this.expandOne(id, chunkOf(chunks, id), table, proposals);
      } catch (error) {
        if (!this.defers) throw error;
        // What was found of it so far will be found again.
        Object.assign(proposals, { used, made, ...(peaks === null ? {} : { peaks }) });
        this.note(id, DEFERRED, 0, proposals);
      }
    }
    return proposals;
  }

  private expandOne(id: number, chunk: Int32Array, table: Int32Array, proposals: Writable): void {
    const { machine, hashes } = this;
    const { state, words, choices } = machine;
    const start = recordOf(id, words);
    for (let word = 0; word < words; word++) state[word] = chunk[start + word]!;
    const before = proposals.made;
    const count = machine.choose();
    for (let choice = 0; choice < count; choice++) {
      const action = choices[choice]!;
      if (!machine.step(action)) continue;
      proposals.made++;
      hash(state, words, hashes);
      const a = hashes[0]!;
      const b = hashes[1]!;
      if (!this.isRecent(a, b) && !has(table, a, b)) this.propose(id, action, a, b, proposals);
      for (let word = 0; word < words; word++) state[word] = chunk[start + word]!;
    }
    if (proposals.made === before) this.note(id, DEAD_END, machine.signalsAtEnd(), proposals);
  }

  private propose(id: number, action: number, a: number, b: number, proposals: Writable): void {
    const { machine } = this;
    const { state, words, measured } = machine;
    const { words: out, used, peaks } = proposals;
    for (let index = 0; index < measured; index++) {
      const value = machine.measure(index);
      if (value > peaks.values[index]!) {
        peaks.values[index] = value;
        peaks.at[index] = used;
      }
    }
    out[used] = id;
    out[used + 1] = action;
    out[used + 2] = a;
    out[used + 3] = b;
    out[used + 4] = machine.signals();
    out[used + 5] = proposals.made;
    for (let word = 0; word < words; word++) out[used + PROPOSAL_HEADER + word] = state[word]!;
    proposals.used = used + PROPOSAL_HEADER + words;
  }

  /** In place of a proposal. */
  private note(id: number, what: number, signals: number, proposals: Writable): void {
    const { words: out, used } = proposals;
    out[used] = id;
    out[used + 1] = what;
    out[used + 4] = signals;
    out[used + 5] = proposals.made;
    proposals.used = used + PROPOSAL_HEADER + this.machine.words;
  }

  /** Whether this very expander proposed the pair of late; it is then proposed already, and earlier. */
  private isRecent(a: number, b: number): boolean {
    const slot = (b & (RECENT_SLOTS - 1)) << 1;
    if (this.recent[slot] === a && this.recent[slot + 1] === b) return a !== 0 || b !== 0;
    this.recent[slot] = a;
    this.recent[slot + 1] = b;
    return false;
  }
}

/** Room for the proposals of one state at least, to begin with. */
export function roomFor(machine: Machine): Int32Array {
  return larger(new Int32Array(0), machine.model.actions * (PROPOSAL_HEADER + machine.words));
}

/** At least `needed` words, with what was written so far. */
function larger(words: Int32Array, needed: number): Int32Array {
  const length = Math.max(needed, words.length * 2);
  const copy = new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
  copy.set(words);
  return copy;
}

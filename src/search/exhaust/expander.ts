/** Works out what follows from a range of states: proposals, in order, of which many are known already. */
import { chunkOf, HEADER_WORDS, recordOf } from './arena.ts';
import { hash, noHashes } from './hash.ts';
import type { Machine } from './machine.ts';
import { has } from './visited.ts';

/** A proposal is the parent, the action, two hashes, the signals of the laws and how many states were made so far, then the words of the state. */
export const PROPOSAL_HEADER = 6;

/** In place of an action: nothing can happen in the parent. */
export const DEAD_END = -1;

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

/** States proposed lately, so that most repetitions need no proposal; it fits a processor's cache. */
const RECENT_SLOTS = 1 << 14;

export class Expander {
  private readonly machine: Machine;
  private readonly hashes = noHashes();
  private readonly recent = new Int32Array(RECENT_SLOTS * 2);

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /**
   * Expands the states from `from` to before `to`, and writes into `room`, or into more of it where that is too little.
   * What `table` has is left out. Its caller must take the proposals of one expander in the order in which they were made.
   */
  expand(chunks: readonly Int32Array[], from: number, to: number, table: Int32Array, room: Int32Array): Proposals {
    const { machine, hashes } = this;
    const { state, words, measured, choices } = machine;
    const { actions } = machine.model;
    const most = actions * (PROPOSAL_HEADER + words);
    const values: number[] = Array.from({ length: measured }, () => -1);
    const places: number[] = Array.from({ length: measured }, () => 0);
    let out = room;
    let used = 0;
    let made = 0;
    for (let id = from; id < to; id++) {
      if (used + most > out.length) out = larger(out, used + most);
      const chunk = chunkOf(chunks, id);
      const start = recordOf(id, words) + HEADER_WORDS;
      for (let word = 0; word < words; word++) state[word] = chunk[start + word]!;
      const before = made;
      const count = machine.choose();
      for (let choice = 0; choice < count; choice++) {
        const action = choices[choice]!;
        if (!machine.step(action)) continue;
        made++;
        hash(state, words, hashes);
        const a = hashes[0]!;
        const b = hashes[1]!;
        if (!this.isRecent(a, b) && !has(table, a, b)) {
          for (let index = 0; index < measured; index++) {
            const value = machine.measure(index);
            if (value > values[index]!) {
              values[index] = value;
              places[index] = used;
            }
          }
          out[used] = id;
          out[used + 1] = action;
          out[used + 2] = a;
          out[used + 3] = b;
          out[used + 4] = machine.signals();
          out[used + 5] = made;
          used += PROPOSAL_HEADER;
          for (let word = 0; word < words; word++) out[used + word] = state[word]!;
          used += words;
        }
        for (let word = 0; word < words; word++) state[word] = chunk[start + word]!;
      }
      if (made === before) {
        out[used] = id;
        out[used + 1] = DEAD_END;
        out[used + 4] = machine.signalsAtEnd();
        out[used + 5] = made;
        used += PROPOSAL_HEADER + words;
      }
    }
    return { words: out, used, made, peaks: { values, at: places } };
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

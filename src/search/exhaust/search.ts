/** The search itself: takes proposals in order, keeps what is new, and knows when to stop. */
import { Arena, NO_PARENT } from './arena.ts';
import type { BoundName, Bounds } from './bounds.ts';
import { DEAD_END, DEFERRED, PROPOSAL_HEADER, type Proposals } from './expander.ts';
import { hash, noHashes } from './hash.ts';
import type { Machine } from './machine.ts';
import { Visited } from './visited.ts';

/**
 * Breadth-first, and the same whoever makes the proposals: a state's number, its parent and every count depend on the
 * order of the proposals alone, which is that of the states they come from, and there that of the actions.
 */
export class Search {
  readonly arena: Arena;
  readonly visited = new Visited();
  made = 0;
  deadEnds = 0;
  /** Of the deepest state so far. */
  depth = 0;
  /** Levels whose states are all expanded. */
  levels = 0;
  /** Why it stops before it is through; null while it need not. */
  stopped: 'broken' | BoundName | null = null;
  /** By the number of a law: the first state that broke it or met it. */
  readonly firsts = new Map<number, number>();
  /** By the number of a measure: its largest value, and the first state that has it. */
  readonly peaks: { value: number; state: number }[];
  private readonly machine: Machine;
  private readonly bounds: Bounds;
  /** The bits of laws that end the search, and of those that nothing has signalled yet. */
  private readonly fatal: number;
  private awaited = -1;
  private levelEnd = 0;
  private most = 0;

  constructor(machine: Machine, bounds: Bounds) {
    this.machine = machine;
    this.bounds = bounds;
    this.arena = new Arena(machine.words);
    this.peaks = Array.from({ length: machine.measured }, () => ({ value: -1, state: 0 }));
    this.fatal = machine.model.laws.reduce(
      (bits, { type }, index) => (type === 'always' || type === 'within' ? bits | (1 << index) : bits),
      0,
    );
  }

  /** The most bytes that states and hashes took at once. */
  get bytes(): number {
    return Math.max(this.most, this.arena.bytes + this.visited.bytes);
  }

  begin(): void {
    const { machine } = this;
    const hashes = noHashes();
    for (const [number, initial] of machine.model.initial().entries()) {
      machine.begin(initial);
      this.made++;
      hash(machine.state, machine.words, hashes);
      const id = this.keep(NO_PARENT, number, hashes[0]!, hashes[1]!, machine.state, 0);
      if (id === null) continue;
      for (let index = 0; index < this.peaks.length; index++) this.raise(index, machine.measure(index), id);
      this.heed(machine.signals(), id);
      if (this.stopped !== null) return;
    }
    this.levelEnd = this.arena.count;
  }

  /**
   * Takes the proposals of the states that come next; `expand` makes those of a state that was left to this thread. Must
   * not be called once it has stopped.
   */
  take({ words, used, made, peaks }: Proposals, expand?: (state: number) => Proposals): void {
    const record = PROPOSAL_HEADER + this.machine.words;
    for (let at = 0; at < used; at += record) {
      const parent = words[at]!;
      if (parent >= this.levelEnd) this.closeLevel();
      const signals = words[at + 4]!;
      if (words[at + 1] === DEAD_END) {
        this.deadEnds++;
        this.heed(signals, parent);
      } else if (words[at + 1] === DEFERRED) {
        if (expand === undefined) throw new Error('a state was left to a thread that leaves it to another');
        this.take(expand(parent));
      } else {
        const id = this.keep(parent, words[at + 1]!, words[at + 2]!, words[at + 3]!, words, at + PROPOSAL_HEADER);
        if (id === null && this.stopped === null) continue;
        for (let index = 0; id !== null && index < this.peaks.length; index++) {
          if (peaks.at[index] === at) this.raise(index, peaks.values[index]!, id);
        }
        if (id !== null && (signals & this.awaited) !== 0) this.heed(signals, id);
      }
      if (this.stopped !== null) {
        // What was made after it does not count, however much of it there was.
        this.made += words[at + 5]!;
        return;
      }
    }
    this.made += made;
  }

  /** The number of a state that is new and was kept; null where it was known, or a bound stops the search. */
  private keep(parent: number, action: number, a: number, b: number, words: Int32Array, at: number): number | null {
    const { arena, visited } = this;
    if (visited.isFull || arena.isFull) this.makeRoom();
    if (!visited.add(a, b)) return null;
    if (arena.count >= this.bounds.maxStates) this.stopped = 'states';
    if (this.stopped !== null) return null;
    if (parent !== NO_PARENT) this.depth = this.levels + 1;
    return arena.append(parent, action, words, at);
  }

  private makeRoom(): void {
    const { arena, visited } = this;
    const now = arena.bytes + visited.bytes;
    const peak = now + (visited.isFull ? visited.bytesGrown : 0) + (arena.isFull ? arena.chunkBytes : 0);
    if (peak > this.bounds.maxMemory) {
      this.stopped = 'memory';
      return;
    }
    this.most = Math.max(this.most, peak);
    if (arena.isFull) arena.makeRoom();
    if (visited.isFull) visited.grow();
  }

  private closeLevel(): void {
    this.levels++;
    this.levelEnd = this.arena.count;
  }

  private raise(index: number, value: number, state: number): void {
    const peak = this.peaks[index]!;
    if (value > peak.value) this.peaks[index] = { value, state };
  }

  private heed(signals: number, state: number): void {
    const first = signals & this.awaited;
    if (first === 0) return;
    this.awaited &= ~first;
    for (let index = 0; index < this.machine.model.laws.length; index++) {
      if ((first & (1 << index)) !== 0) this.firsts.set(index, state);
    }
    if ((first & this.fatal) !== 0) this.stopped = 'broken';
  }
}

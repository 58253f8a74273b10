/** Where in the bytes of a state of the session model everything stands. */

/** Messages of one process that can be under way at once. */
export const MOST_MESSAGES = 5;

/** Of one process: its agent (2 bytes), its work (1), and its messages (2 each, 0 for none, else 1 more than the number). */
const WORK = 2;
const MESSAGES = 3;
const PROCESS_BYTES = MESSAGES + 2 * MOST_MESSAGES;

/** What a process does: rests, works, or comes to rest since so many units, of which the byte is more. */
export const RESTS = 0;
export const WORKS = 1;
export const ENDING = 2;

/** The byte of a turn: the process, counted from 1, and above that how many of its messages were on their way before. */
const TURN_BITS = 3;
const PROCESS_OF_TURN = (1 << TURN_BITS) - 1;

/** Whose turn it is, counted from 1; 0 where it is everybody's. */
export const turnOf = (turn: number): number => turn & PROCESS_OF_TURN;

/** How many messages of that process were on their way when its turn began. */
export const looseOf = (turn: number): number => turn >> TURN_BITS;

export const turnFor = (process: number, loose: number): number => (loose << TURN_BITS) | process;

/** The same turn of another process. */
export const turnWith = (turn: number, process: number): number => turnFor(process, looseOf(turn));

export interface Layout {
  readonly bytes: number;
  /** Of one process, from `agent` on. */
  readonly processBytes: number;
  readonly agent: (process: number) => number;
  readonly work: (process: number) => number;
  readonly message: (process: number, slot: number) => number;
  /** All seats of the license, as one number; two bytes. */
  readonly seat: number;
  readonly faults: number;
  /** A bit for each device that sleeps. */
  readonly asleep: number;
  /** A bit for each device that is cut off. */
  readonly cut: number;
  /** Whether the server is down. */
  readonly down: number;
  /** Units since the last sweep; two bytes. */
  readonly sweep: number;
  /** Units for which devices have worked at once; an orphan has blocked the seat; a victim has worked on. Of the first symbol. */
  readonly overlap: number;
  readonly blocked: number;
  readonly astray: number;
  /** Whose turn it is until its request has arrived. */
  readonly turn: number;
  /** Of the second symbol, where there is one. */
  readonly second: { readonly overlap: number; readonly blocked: number };
}

export function layoutOf(processes: number, symbols: number): Layout {
  const seat = processes * PROCESS_BYTES;
  return {
    bytes: seat + 12 + (symbols === 1 ? 0 : 2),
    processBytes: PROCESS_BYTES,
    agent: (process) => process * PROCESS_BYTES,
    work: (process) => process * PROCESS_BYTES + WORK,
    message: (process, slot) => process * PROCESS_BYTES + MESSAGES + 2 * slot,
    seat,
    sweep: seat + 2,
    faults: seat + 4,
    asleep: seat + 5,
    overlap: seat + 6,
    blocked: seat + 7,
    astray: seat + 8,
    cut: seat + 9,
    turn: seat + 10,
    down: seat + 11,
    second: { overlap: seat + 12, blocked: seat + 13 },
  };
}

export function read16(state: Uint8Array, at: number): number {
  return state[at]! | (state[at + 1]! << 8);
}

export function write16(state: Uint8Array, at: number, value: number): void {
  state[at] = value & 255;
  state[at + 1] = value >>> 8;
}

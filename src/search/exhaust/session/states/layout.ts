/** Where in the bytes of a state of the session model everything stands. */

/** The number of a part takes three bytes. */
const PART_BYTES = 3;

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
  /** The number of all that is of one device alone. */
  readonly part: (device: number) => number;
  /** The number of all seats of the license together. */
  readonly seat: number;
  readonly faults: number;
  /** Whether the server is down. */
  readonly down: number;
  /** Units since the last sweep; two bytes. */
  readonly sweep: number;
  /** Whether the service ever let an error through or returned an invalid reply; it stays so, since the law ends the search. */
  readonly unanswered: number;
  /** Units for which devices have worked at once; an orphan has blocked the seat; a victim has worked on. Of the first symbol. */
  readonly overlap: number;
  readonly blocked: number;
  readonly astray: number;
  /** Whose turn it is until its request has arrived. */
  readonly turn: number;
  /** Of the second symbol, where there is one. */
  readonly second: { readonly overlap: number; readonly blocked: number };
}

export function layoutOf(devices: number, symbols: number): Layout {
  const seat = devices * PART_BYTES;
  const rest = seat + PART_BYTES;
  return {
    bytes: rest + 9 + (symbols === 1 ? 0 : 2),
    part: (device) => device * PART_BYTES,
    seat,
    faults: rest,
    overlap: rest + 1,
    blocked: rest + 2,
    astray: rest + 3,
    turn: rest + 4,
    down: rest + 5,
    sweep: rest + 6,
    unanswered: rest + 8,
    second: { overlap: rest + 9, blocked: rest + 10 },
  };
}

export function read16(state: Uint8Array, at: number): number {
  return state[at]! | (state[at + 1]! << 8);
}

export function write16(state: Uint8Array, at: number, value: number): void {
  state[at] = value & 255;
  state[at + 1] = value >>> 8;
}

export function readPart(state: Uint8Array, at: number): number {
  return state[at]! | (state[at + 1]! << 8) | (state[at + 2]! << 16);
}

export function writePart(state: Uint8Array, at: number, part: number): void {
  state[at] = part & 255;
  state[at + 1] = (part >>> 8) & 255;
  state[at + 2] = part >>> 16;
}

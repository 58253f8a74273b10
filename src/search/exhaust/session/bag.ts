/** The messages of one process in a state: a bag, kept sorted, because their order says nothing. */
import { MOST_MESSAGES, read16, write16, type Layout } from './layout.ts';

/** Replaces every message of a process; those that become null are gone. Keeps them sorted, because their order says nothing. */
export function eachMessage(
  state: Uint8Array,
  layout: Layout,
  process: number,
  change: (message: number) => number | null,
): void {
  let kept = 0;
  for (let slot = 0; slot < MOST_MESSAGES; slot++) {
    const message = read16(state, layout.message(process, slot));
    if (message === 0) break;
    const changed = change(message - 1);
    if (changed !== null) insert(state, layout, process, kept++, changed + 1);
  }
  for (let slot = kept; slot < MOST_MESSAGES; slot++) write16(state, layout.message(process, slot), 0);
}

/** Puts a message among the first `count`, the largest first. */
function insert(state: Uint8Array, layout: Layout, process: number, count: number, message: number): void {
  let slot = count;
  for (; slot > 0; slot--) {
    const before = read16(state, layout.message(process, slot - 1));
    if (before >= message) break;
    write16(state, layout.message(process, slot), before);
  }
  write16(state, layout.message(process, slot), message);
}

export function add(state: Uint8Array, layout: Layout, process: number, message: number): void {
  for (let slot = 0; slot < MOST_MESSAGES; slot++) {
    if (read16(state, layout.message(process, slot)) !== 0) continue;
    insert(state, layout, process, slot, message + 1);
    return;
  }
  throw new Error(`more than ${MOST_MESSAGES} messages of one process are under way`);
}

export function drop(state: Uint8Array, layout: Layout, process: number, slot: number): void {
  for (let at = slot; at < MOST_MESSAGES - 1; at++) {
    write16(state, layout.message(process, at), read16(state, layout.message(process, at + 1)));
  }
  write16(state, layout.message(process, MOST_MESSAGES - 1), 0);
}

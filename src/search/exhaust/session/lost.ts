/** Whether a message reaches nobody when it arrives. */
import type { Layout } from './layout.ts';
import type { Message } from './messages.ts';

interface Around {
  readonly layout: Layout;
  readonly deviceOf: readonly number[];
}

/**
 * Of whom a message is lost: of a device that is cut off whatever comes or goes. Of a server that is down, requests find
 * nobody, and what it said last is never sent; an answer that is late has left it before.
 */
export function lostTo(
  state: Uint8Array,
  process: number,
  { way, late }: Pick<Message, 'way' | 'late'>,
  { layout, deviceOf }: Around,
): 'cut' | 'down' | null {
  if (((state[layout.cut]! >> deviceOf[process]!) & 1) === 1) return 'cut';
  return state[layout.down] === 1 && (way === 'request' || !late) ? 'down' : null;
}

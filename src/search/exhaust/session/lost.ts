/** Whether a message reaches nobody when it arrives. */
import type { Layout } from './layout.ts';
import type { Message } from './messages.ts';

interface Around {
  readonly layout: Layout;
  readonly deviceOf: readonly number[];
}

/**
 * Whose fault it is: whatever comes from or goes to a device that is cut off, and every request while the server is down.
 * What it answered before that is on its way already.
 */
export function lostTo(
  state: Uint8Array,
  process: number,
  { way }: Pick<Message, 'way'>,
  { layout, deviceOf }: Around,
): 'cut' | 'down' | null {
  if (((state[layout.cut]! >> deviceOf[process]!) & 1) === 1) return 'cut';
  return state[layout.down] === 1 && way === 'request' ? 'down' : null;
}

/** Whether a message reaches nobody when it arrives. */
import type { Message } from '../numbers/messages.ts';
import type { Scene } from './scene.ts';

/**
 * Whose fault it is: whatever comes from or goes to a device that is cut off, and every request while the server is down.
 * What it answered before that is on its way already.
 */
export function lostTo(
  state: Uint8Array,
  process: number,
  { way }: Pick<Message, 'way'>,
  scene: Scene,
): 'cut' | 'down' | null {
  if (scene.partIn(state, process).cut) return 'cut';
  return scene.isDown(state) && way === 'request' ? 'down' : null;
}

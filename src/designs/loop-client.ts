/** The client that the programs of the notes have: a loop that sleeps, sends, and sleeps again. */
import { withClient } from './change.ts';
import type { Design } from './design.ts';

/**
 * No note fences its client or asks after a sleep; the time that a request takes comes on top of the interval. A request
 * that fails is left at that until the next one, and who is told that the session is gone stops.
 */
export function withLoopClient(design: Design): Design {
  return withClient(design, { pace: 'after-answer', fence: null, onWake: 'work-on' });
}

/** Plays a Script in a world around a design. */
import type { Design } from '../designs/design.ts';
import type { History } from '../history/history.ts';
import type { Script } from './script.ts';
import { World } from './world.ts';

/**
 * The History of one run: a function of the Script and the design, the same to the byte each time. Throws `UsageError` for
 * an action that is impossible.
 */
export function playInWorld(script: Script, design: Design): History {
  const world = new World(script, design);
  world.time.runUntil(script.until);
  return world.history();
}

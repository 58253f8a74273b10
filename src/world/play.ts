/** Plays a Script in a world around a design. */
import type { Design } from '../designs/design.ts';
import type { History } from '../history/history.ts';
import type { Script } from './script.ts';
import { World, type Impossible } from './world.ts';

/**
 * The History of one run: a function of the Script and the design, the same to the byte each time. Throws `UsageError` for
 * an action that is impossible, unless `impossible` takes it.
 */
export function playInWorld(script: Script, design: Design, impossible?: Impossible): History {
  const world = new World(script, design, undefined, impossible);
  world.time.runUntil(script.until);
  return world.history();
}

/** The licenses that a Script is about. */
import type { Script } from './script.ts';

/** A license whose name begins like this is one that nobody bought: the server does not know it. */
const UNSOLD = 'unsold';

export function licensesOf(script: Script): readonly string[] {
  const licenses = script.steps.flatMap((step) =>
    step.actions.flatMap((action) => ('scope' in action ? [action.scope.license] : [])),
  );
  return [...new Set(licenses)].filter((license) => !license.startsWith(UNSOLD));
}

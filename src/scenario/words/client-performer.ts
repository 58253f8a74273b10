/** What befalls a member of the cast whose client runs by itself: its user, its process, its machine. */
import type { DurationText } from '../../core/time.ts';
import type { Action } from '../../world/script.ts';
import { onlyKnown } from './known.ts';
import { ON, scopeOf, type On } from './on.ts';
import { readSpan } from './place.ts';

export interface ClientPerformer {
  readonly name: string;
  readonly device: string;
  /** The user starts it, for the scenario's only license or the one named. */
  starts(options?: On): Action;
  /** The user starts it, and agrees to end the session that its last refusal named. */
  takesOver(options?: On): Action;
  /** The user stops it. */
  stops(): Action;
  /** From now on its work takes so long to come to rest. */
  stopsIn(takes: DurationText): Action;
  /** The process dies without a word. */
  crashes(): Action;
  /** The process stands still for so long, and does not know. */
  hangs(lasts: DurationText): Action;
  /** The machine sleeps for so long, with every process on it. */
  sleeps(lasts: DurationText): Action;
  asksStatus(options?: On): Action;
}

export function clientPerformer(name: string, device: string): ClientPerformer {
  const start = (word: string, takeOver: boolean, options: On | undefined): Action => {
    onlyKnown(`${name}.${word}()`, options, ON);
    return { type: 'user-starts', actor: name, scope: scopeOf(options), takeOver };
  };
  return {
    name,
    device,
    starts: (options) => start('starts', false, options),
    takesOver: (options) => start('takesOver', true, options),
    stops: () => ({ type: 'user-stops', actor: name }),
    stopsIn: (takes) => ({ type: 'stops-in', actor: name, takes: readSpan(takes) }),
    crashes: () => ({ type: 'crash', actor: name }),
    hangs: (lasts) => ({ type: 'hang', actor: name, lasts: readSpan(lasts) }),
    sleeps: (lasts) => ({ type: 'sleep', device, lasts: readSpan(lasts) }),
    asksStatus(options) {
      onlyKnown(`${name}.asksStatus()`, options, ON);
      return { type: 'status', actor: name, scope: scopeOf(options) };
    },
  };
}

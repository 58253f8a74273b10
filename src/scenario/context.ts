/** What must be known besides a reply to judge it or to put it into words. */
import type { Holder } from '../core/reply.ts';
import type { Actor } from '../history/history.ts';

/** What a reply alone does not tell. */
export interface Context {
  readonly cast: readonly Actor[];
  /** Whether this start was answered with a session that had been granted before. */
  readonly sameSession: boolean;
}

/** The machine of a holder, by its name in the cast. */
export function deviceOf(holder: Holder | null, context: Context): string | null {
  return holder === null ? null : deviceName(holder.device, context);
}

/** The machine's name in the cast; the fingerprint itself where the cast does not have it. */
export function deviceName(fingerprint: string | null, context: Context): string | null {
  if (fingerprint === null) return null;
  return context.cast.find((actor) => actor.fingerprint === fingerprint)?.device ?? fingerprint;
}

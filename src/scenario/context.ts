/** What must be known besides a reply to judge it or to put it into words. */
import type { NamedHolder } from '../core/reply.ts';
import type { Actor } from '../history/history.ts';

/** What a reply alone does not tell. */
export interface Context {
  readonly cast: readonly Actor[];
  /** Whether this start was answered with a session that had been granted before. */
  readonly sameSession: boolean;
}

/** The machine of a holder, by its name in the cast; its session or term where no device is told. */
export function deviceOf({ device, session, term }: NamedHolder, context: Context): string {
  if (device !== undefined) return deviceName(device, context);
  return session ?? (term === undefined ? 'a holder' : `term ${term}`);
}

/** The machine's name in the cast; the fingerprint itself where the cast does not have it. */
export function deviceName(fingerprint: string, context: Context): string {
  return context.cast.find((actor) => actor.fingerprint === fingerprint)?.device ?? fingerprint;
}

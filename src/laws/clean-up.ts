/** The job that clears expired sessions away, where the policy declares one, and what laws advise where a seat was not freed. */
import { after } from '../core/time.ts';
import type { Bounds } from './bounds.ts';
import type { Ledger, Tenure } from './ledger.ts';
import type { Because, CallMoment } from './rule.ts';

/** Where a job clears the seat, a start is judged by what the job did: it must have run since the expiry. */
export function hasCleared(tenure: Tenure, { sweptAt }: Ledger, { swept, boundary }: Bounds): boolean {
  if (!swept || tenure.standing.type !== 'held') return true;
  return sweptAt !== null && sweptAt >= after(tenure.sign.latest, boundary);
}

/** For a session that had expired when the job ran and that still stands; null where no job is declared or it has not run. */
export function leftBySweep(
  { before, bounds, tell }: CallMoment,
  { standing }: Tenure,
  free: string,
): Pick<Because, 'why' | 'fix'> | null {
  const { sweptAt } = before;
  if (!bounds.swept || sweptAt === null || standing.type !== 'held') return null;
  return {
    why: `${free}; a sweep ran at ${tell.instant(sweptAt)} and left the session`,
    fix: `let the sweep remove every session whose last heartbeat is ${tell.duration(bounds.timeout)} old when it runs`,
  };
}

/** The fix for a start that an expired session blocks where no job is to clear it. */
export function judgeByAge({ bounds, tell }: CallMoment): string {
  return `let each start judge the holder by the age of its last heartbeat, and replace its row from ${tell.duration(bounds.timeout)} on`;
}

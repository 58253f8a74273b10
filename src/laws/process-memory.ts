/** Services that keep sessions in the memory of their processes, where neither the store nor another process finds them. */
import type { Evidence, Operation } from './evidence.ts';

/** Why a law of what the store holds is not judged. */
export const STORE_UNUSED = 'the service does not use the store: it keeps its sessions elsewhere';

export const KEEP_IN_STORE = 'keep sessions in the store, not in the memory of a process';

/**
 * How the memory that acknowledged a request was lost to a later call: a server went down in between, or another server answered
 * and neither looked into the store. Null where the History shows nothing of the kind.
 */
export function memoryLost(sign: Operation | null, later: Operation, { history }: Evidence): string | null {
  if (sign === null) return null;
  const between = history.events.slice(sign.to, later.to);
  if (between.some(({ type }) => type === 'server-crashed' || type === 'server-restarted')) {
    return 'a server restarted since';
  }
  const [first, second] = [sign.answer?.fromMemoryOf, later.answer?.fromMemoryOf];
  if (first === undefined || second === undefined || first === second) return null;
  return `server ${first} acknowledged the session, server ${second} answered the later ${later.command.type}, and neither used the store`;
}

/** Whether the store is watched, holds no session at any time, and no answer was observed to take a statement of it. */
export function leavesStoreUnused({ history: { events }, operations }: Evidence): boolean {
  const rows = events.filter((event) => event.type === 'held');
  return (
    rows.length > 0 &&
    rows.every(({ seats }) => seats.every(({ seat }) => seat.latest === null)) &&
    operations.every(({ answer }) => answer?.statements === undefined)
  );
}

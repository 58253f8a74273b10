/** How two calls met, as far as the run shows it: a cause blames concurrency only where they overlapped. */
import type { Operation } from './evidence.ts';
import { isNamed } from './ledger.ts';

export type Meeting =
  /** One was over before the other began, or their statements took effect one call after the other. */
  | 'apart'
  /** Both were open at once; their statements were not observed. */
  | 'overlapping'
  /** Statements of one took effect between those of the other. */
  | 'interleaved'
  /** Both were open at once, and each is one statement. */
  | 'single-statements';

export function meetingOf(a: Operation, b: Operation): Meeting {
  const open = a.from < b.to && b.from < a.to;
  const [one, other] = [a.answer?.statements, b.answer?.statements];
  if (one === undefined || other === undefined) return open ? 'overlapping' : 'apart';
  if (one.count <= 1 && other.count <= 1) return open ? 'single-statements' : 'apart';
  return one.first < other.last && other.first < one.last ? 'interleaved' : 'apart';
}

/** Whether the call is known to be one statement, so that there is no step between its check and its write. */
export function isOneStatement(operation: Operation | null): boolean {
  return operation?.answer?.statements?.count === 1;
}

/** A heartbeat that was under way while its session was ended; null where there was none. */
export function heartbeatDuring(end: Operation | null, operations: readonly Operation[]): Operation | null {
  if (end?.command.type !== 'end') return null;
  const { session, term } = end.command;
  const found = operations.find(
    (other) =>
      other.command.type === 'heartbeat' &&
      isNamed({ session, term }, other.command) &&
      meetingOf(other, end) !== 'apart',
  );
  return found ?? null;
}

/** The fix where that heartbeat wrote the ended session back. */
export function keepEnded(heartbeat: Operation): string {
  return isOneStatement(heartbeat)
    ? 'let the statement of the heartbeat update a row that has not ended, and never insert it'
    : 'renew in one UPDATE that requires that the session has not ended; do not save an object that was read before';
}

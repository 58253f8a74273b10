/** The server's rule of any design that keeps its seats in one store: a command runs on it in one piece. */
import type { Command } from '../../../core/command.ts';
import { UsageError } from '../../../core/failures.ts';
import type { Policy } from '../../../core/policy.ts';
import type { Reply } from '../../../core/reply.ts';
import type { Fingerprint, Scope, Seat } from '../../../core/seat.ts';
import type { Instant } from '../../../core/time.ts';
import type { Design } from '../../../designs/design.ts';
import type { Host, Procedure } from '../../../service/procedure.ts';
import { MemoryStore } from '../../../service/store.ts';

export interface Decided {
  readonly seat: Seat;
  readonly reply: Reply;
}

/** `caller` is the device of the sender; null for the server's own sweep. */
export type ServerRule = (
  seat: Seat,
  scope: Scope,
  command: Command,
  caller: Fingerprint | null,
  now: Instant,
) => Decided;

/** Throws `UsageError` for a design whose server remembers more than one store, or takes a device for another. */
export function serverRuleOf(design: Design, policy: Policy): ServerRule {
  const promises = (): never => {
    throw new UsageError(
      `${design.name} answers by promises, so its states cannot all be searched; try: seatproof campaign`,
    );
  };
  const hostAt = (now: Instant): Host => {
    return { policy, server: 1, now: () => now, random: () => 0, wait: promises, atOnce: promises };
  };
  const process = design.serve(hostAt(0 as Instant));
  if (design.stores.length !== 1 || process.memory !== undefined || process.boot !== undefined) {
    throw new UsageError(
      `${design.name} keeps more than one store can hold, so its states cannot all be searched; try: seatproof race`,
    );
  }
  if (design.presents !== undefined) {
    throw new UsageError(`${design.name} presents no fixed name of a device, so its states cannot all be searched`);
  }
  // It keeps nothing in memory, so one process will do for all that is asked at an instant.
  let at = { now: 0 as Instant, process };
  return (seat, scope, command, caller, now) => {
    if (at.now !== now) at = { now, process: design.serve(hostAt(now)) };
    const store = new MemoryStore([scope.license]);
    store.write(scope, seat);
    const reply = run(at.process.handle(command, caller), store, now);
    return { seat: store.read(scope), reply };
  };
}

/** Pauses take no time, and what is left to go on by itself goes on at once. */
function run<R>(procedure: Procedure<R>, store: MemoryStore, now: Instant): R {
  let outcome: unknown;
  for (;;) {
    const next = procedure.next(outcome);
    if (next.done === true) return next.value;
    outcome = undefined;
    if (next.value.type === 'statement') outcome = next.value.run(store, now);
    else if (next.value.type === 'spawn') run(next.value.procedure, store, now);
  }
}

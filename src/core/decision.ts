/** The outcome of the server's rule. */
import type { Reply } from './reply.ts';
import type { Seat } from './seat.ts';

/** The seat as it is after the command, the same object where nothing changed, and the answer. */
export interface Decision<R extends Reply = Reply> {
  readonly seat: Seat;
  readonly reply: R;
}

/** The outcome of the server's rule. */
import type { Complete, Reply } from './reply.ts';
import type { Seat } from './seat.ts';

/** The seat after the command (the same object where nothing changed) and the reply, with every field told. */
export interface Decision<R extends Reply = Reply> {
  readonly seat: Seat;
  readonly reply: Complete<R>;
}

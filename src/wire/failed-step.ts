/** How a step fails without reaching the server, and leaves the server as if it had rejected the step itself. Pure. */
import type { Batch, Expected } from './batch.ts';
import { cString, messageOf, writeQuery } from './client-messages.ts';
import type { WireError } from './problem.ts';
import type { TransactionStatus } from './step.ts';
import { endsTransaction } from './transaction-control.ts';

/** What goes to the server in place of the step. The client gets none of its answers. */
export interface Substitute {
  readonly bytes: readonly Buffer[];
  readonly expected: readonly Expected[];
}

/** No statement, so that the server rejects it: that makes the open transaction fail. */
const REJECTED = 'the step before this one was rejected by seatproof';

/**
 * - Within COPY data the server is told that the client gives up.
 * - A COMMIT that fails rolls back, and so does a failing ROLLBACK.
 * - In an open transaction, or with statements that no Sync has committed, the server gets a statement that it rejects.
 * - Otherwise the server needs to know nothing.
 */
export function failAtServer(
  batch: Batch,
  status: TransactionStatus,
  uncommitted: boolean,
  error: WireError,
): Substitute {
  if (batch.kind === 'copy') {
    // The last message of an extended COPY is its Sync.
    const sync = batch.end === 'sync' ? batch.bytes.slice(-1) : [];
    return { bytes: [messageOf('f', cString(error.message)), ...sync], expected: batch.expected };
  }
  if (status !== 'idle' && batch.statements.some(({ text, executed }) => executed && endsTransaction(text))) {
    return { bytes: [writeQuery('ROLLBACK')], expected: [{ type: 'query' }] };
  }
  if (status === 'open' || uncommitted) return { bytes: [writeQuery(REJECTED)], expected: [{ type: 'query' }] };
  return { bytes: [], expected: [] };
}

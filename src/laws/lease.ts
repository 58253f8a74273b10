/** One session of one term, as answers grant and renew it. */
import type { SessionId, Term } from '../core/seat.ts';
import type { Operation } from './evidence.ts';

export interface Lease {
  readonly session: SessionId;
  /** Null where the service tells none. */
  readonly term: Term | null;
}

/** What the answer grants or renews; null for any other. A grant that names no session is of the one that its start asks for. */
export function leaseIn({ command, answer }: Operation): Lease | null {
  const reply = answer?.reply;
  if (command.type === 'start' && reply?.type === 'granted') {
    return { session: reply.session ?? command.session, term: reply.term ?? null };
  }
  if (command.type === 'heartbeat' && reply?.type === 'renewed')
    return { session: command.session, term: command.term };
  return null;
}

/** As text, to group by. */
export function leaseKey({ session, term }: Lease): string {
  return `${term} ${session}`;
}

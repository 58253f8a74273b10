/** Which sessions were taken over, by the answers of whoever took them. */
import type { SessionId, Term } from '../core/seat.ts';
import type { Evidence, Operation } from './evidence.ts';

export type Takeovers = ReadonlyMap<string, Operation>;

/** By the key of the session, the first call whose answer says that it took it over. */
export function takeoversIn({ operations }: Evidence): Takeovers {
  const takeovers = new Map<string, Operation>();
  for (const operation of operations) {
    const reply = operation.answer?.reply;
    if (reply?.type !== 'granted' && reply?.type !== 'refused') continue;
    if (reply.replaced === null) continue;
    const key = keyOf(reply.replaced.session, reply.replaced.term);
    if (!takeovers.has(key)) takeovers.set(key, operation);
  }
  return takeovers;
}

/** One session of one term, to group by. */
export function keyOf(session: SessionId, term: Term): string {
  return `${term} ${session}`;
}

/** Which sessions were taken over, by the replies to the starts that took them over. */
import type { SessionId, Term } from '../core/seat.ts';
import type { Evidence, Operation } from './evidence.ts';

export type Takeovers = ReadonlyMap<string, Operation>;

/** By the key of the session, the first call whose answer says that it took it over. */
export function takeoversIn({ operations }: Evidence): Takeovers {
  const takeovers = new Map<string, Operation>();
  for (const operation of operations) {
    const reply = operation.answer?.reply;
    if (reply?.type !== 'granted' && reply?.type !== 'refused') continue;
    const { session, term = null } = reply.replaced ?? {};
    if (session === undefined) continue;
    const key = keyOf(session, term);
    if (!takeovers.has(key)) takeovers.set(key, operation);
  }
  return takeovers;
}

/** One session of one term, to group by. */
export function keyOf(session: SessionId, term: Term | null): string {
  return `${term} ${session}`;
}

/** Which sessions were taken over, by the replies to the starts that took them over. */
import { boundsOf, mayReplace } from './bounds.ts';
import { isAnswered, type Evidence, type Operation } from './evidence.ts';
import { leaseIn, leaseKey } from './lease.ts';
import type { Tenure } from './ledger.ts';

export type Takeovers = ReadonlyMap<string, Operation>;

type Granted = Pick<Tenure, 'device'> & { readonly key: string };

/**
 * By the key of the session, the first call that took it over: as its reply tells, or, where the reply does not, as the
 * policy lets a start of that device do.
 */
export function takeoversIn({ history, operations }: Evidence): Takeovers {
  const bounds = boundsOf(history.policy);
  const takeovers = new Map<string, Operation>();
  const latest = new Map<number, Granted>();
  const starts = operations.filter((operation) => operation.command.type === 'start' && isAnswered(operation));
  for (const operation of starts.toSorted((a, b) => a.to - b.to)) {
    const { command, seat, answer } = operation;
    const reply = answer?.reply;
    if (command.type !== 'start' || (reply?.type !== 'granted' && reply?.type !== 'refused')) continue;
    const before = latest.get(seat);
    const lease = leaseIn(operation);
    const own = lease === null ? null : leaseKey(lease);
    const { session, term = null } = reply.replaced ?? {};
    const inferred =
      reply.replaced === undefined && before !== undefined && before.key !== own && mayReplace(before, command, bounds);
    const key = session !== undefined ? leaseKey({ session, term }) : inferred ? before.key : null;
    if (key !== null && !takeovers.has(key)) takeovers.set(key, operation);
    if (own !== null) latest.set(seat, { key: own, device: command.device });
  }
  return takeovers;
}

/**
 * The cheap look before the search for an order: grants that certainly held one seat at once. A grant holds for certain
 * from its answer until the first of: its own end is sent, its timeout has passed since it was sent, or a call is sent that
 * tells of its loss or, being unanswered, may have caused it.
 */
import { after, type Instant } from '../core/time.ts';
import type { History } from '../history/history.ts';
import { boundsOf, type Bounds } from './bounds.ts';
import { evidenceOf, scopeKey, type Evidence, type Operation } from './evidence.ts';
import { leaseIn, leaseKey } from './lease.ts';
import { isNamed, type Named } from './ledger.ts';

export interface CertainOverlap {
  /** The calls of the two grants. */
  readonly calls: readonly [number, number];
}

/** O(n log n) in the grants of a seat, apart from looking for what ends each. Null where no two overlap for certain. */
export function certainOverlap(history: History): CertainOverlap | null {
  const evidence = evidenceOf(history);
  const bounds = boundsOf(history.policy);
  const bySeat = new Map<string, Holding[]>();
  for (const operation of evidence.operations) {
    const holding = holdingOf(operation, evidence, bounds);
    if (holding === null) continue;
    bySeat.set(holding.seat, [...(bySeat.get(holding.seat) ?? []), holding]);
  }
  for (const holdings of bySeat.values()) {
    let last: Holding | null = null;
    for (const holding of holdings.toSorted((a, b) => a.from - b.from)) {
      if (last !== null && holding.from < last.to && holding.lease !== last.lease) {
        return { calls: [last.call, holding.call] };
      }
      if (last === null || holding.to > last.to) last = holding;
    }
  }
  return null;
}

/** Between two positions in the History. */
interface Holding {
  readonly seat: string;
  readonly lease: string;
  readonly call: number;
  readonly from: number;
  readonly to: number;
}

function holdingOf(operation: Operation, evidence: Evidence, bounds: Bounds): Holding | null {
  const { command } = operation;
  const lease = leaseIn(operation);
  if (command.type !== 'start' || lease === null) return null;
  const seat = scopeKey(command.scope);
  const named: IsNamed = (other) => isNamed(lease, other);
  // Renewals prolong it; each for certain only from when it was sent.
  let until: Instant = after(operation.calledAt, bounds.timeout);
  let to = Infinity;
  for (const other of evidence.operations) {
    if (other === operation || other.to < operation.from) continue;
    if (other.command.type !== 'sweep' && scopeKey(other.command.scope) !== seat) continue;
    if (mayEnd(other, named)) to = Math.min(to, other.from);
    const renewed =
      other.command.type === 'heartbeat' && named(other.command) && other.answer?.reply.type === 'renewed';
    if (renewed && other.calledAt < until) until = after(other.calledAt, bounds.timeout);
  }
  const expired = evidence.history.events.findIndex(({ at }, position) => position > operation.to && at >= until);
  if (expired !== -1) to = Math.min(to, expired);
  return { seat, lease: leaseKey(lease), call: operation.call, from: operation.to, to };
}

type IsNamed = (other: Named | null) => boolean;

function mayEnd({ command, answer }: Operation, named: IsNamed): boolean {
  switch (command.type) {
    case 'status':
      return answer !== null && answer.reply.type === 'idle';
    case 'end':
      return named(command);
    case 'heartbeat':
      return named(command) && answer?.reply.type === 'gone';
    case 'sweep':
      return answer === null || (answer.reply.type === 'swept' && answer.reply.sessions?.some(named) !== false);
    case 'start': {
      if (answer === null) return true;
      const { reply } = answer;
      // Where the reply does not tell which session it replaced, it may have been this session.
      return (
        (reply.type === 'granted' || reply.type === 'refused') &&
        (reply.replaced === undefined || named(reply.replaced))
      );
    }
  }
}

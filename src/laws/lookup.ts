/** What laws look up about the whole History. */
import type { Scope, SessionId, Term } from '../core/seat.ts';
import type { StoreFault } from '../history/history.ts';
import type { Evidence, Operation } from './evidence.ts';
import type { Named } from './ledger.ts';
import { leavesStoreUnused, STORE_UNUSED } from './process-memory.ts';
import { Troubles } from './troubles.ts';

export interface Lookup {
  readonly evidence: Evidence;
  /** The store whose rows are compared with the answers: where a design keeps several, the first that was seen. Null where no rows are recorded, and where the service leaves it unused. */
  readonly store: string | null;
  readonly hasSweeps: boolean;
  /** When the store failed or a server was down, so that neither a job nor the usual service can be expected. */
  readonly troubles: Troubles;
  /** Starts that overlapped another start on their seat. */
  readonly contested: ReadonlySet<number>;
  /** Whether a start that was sent before this position in the History was granted this session and term, as far as both are told. */
  readonly wasGranted: (scope: Scope, named: Named, before: number) => boolean;
  /** Whether a start of this session was sent before this position and never answered. */
  readonly startWasLost: (scope: Scope, session: SessionId, before: number) => boolean;
  /** The call of this number; null where there is none. */
  readonly operation: (call: number) => Operation | null;
  /** Whether a start on this seat was refused before this position in the History. */
  readonly wasRefused: (scope: Scope, before: number) => boolean;
  /** Whether the store lost its rows or failed between these instants (true time); a store that is slow or lags does neither. */
  readonly storeFailure: (from: number, to: number) => 'emptied' | 'failed' | null;
  /** Whether an end of this session was sent before this position; of this term, unless that or the one of the end is null. */
  readonly endWasSent: (scope: Scope, session: SessionId, term: Term | null, before: number) => boolean;
}

const FAILURES: ReadonlySet<StoreFault | null> = new Set<StoreFault>([
  'outage',
  'outcome-unknown',
  'table-missing',
  'writes-refused',
]);

export function lookUp(evidence: Evidence): Lookup {
  const { operations, scopes, history, incidents } = evidence;
  const granted = new FirstSeen();
  const lost = new FirstSeen();
  const ended = new FirstSeen();
  /** Ends that named no term, because the service told none: each is of any term of its session. */
  const endedOfAnyTerm = new FirstSeen();
  const withoutTerm = new Set<string>();
  let hasSweeps = false;
  let byCall: ReadonlyMap<number, Operation> | null = null;
  for (const { command, seat, from, answer } of operations) {
    switch (command.type) {
      case 'start':
        if (answer === null) lost.note(seat, command.session, null, from);
        if (answer?.reply.type === 'granted') {
          const { session = command.session, term = null } = answer.reply;
          granted.note(seat, session, null, from);
          if (term !== null) granted.note(seat, session, term, from);
          else withoutTerm.add(keyOf(seat, session, null));
        }
        break;
      case 'end':
        ended.note(seat, command.session, null, from);
        if (command.term === null) endedOfAnyTerm.note(seat, command.session, null, from);
        else ended.note(seat, command.session, command.term, from);
        break;
      case 'sweep':
        hasSweeps = true;
        break;
      case 'heartbeat':
      case 'status':
        break;
    }
  }
  return {
    evidence,
    store: leavesStoreUnused(evidence) ? null : (history.events.find((event) => event.type === 'held')?.store ?? null),
    hasSweeps,
    troubles: new Troubles(incidents),
    contested: contestedStarts(evidence),
    wasGranted: (scope, { session, term = null }, before) => {
      if (session === undefined) return false;
      const seat = scopes.find(scope);
      const known = term === null || withoutTerm.has(keyOf(seat, session, null)) ? null : term;
      return granted.seen(seat, session, known, before);
    },
    startWasLost: (scope, session, before) => lost.seen(scopes.find(scope), session, null, before),
    operation: (call) => {
      byCall ??= new Map(operations.map((operation) => [operation.call, operation]));
      return byCall.get(call) ?? null;
    },
    wasRefused: (scope, before) => {
      const seat = scopes.find(scope);
      return operations.some(
        ({ seat: of, to, answer }) => of === seat && to < before && answer?.reply.type === 'refused',
      );
    },
    storeFailure: (from, to) => {
      const since = incidents.filter(({ at }) => at >= from && at <= to);
      if (since.some(({ type }) => type === 'store-emptied')) return 'emptied';
      return since.some((event) => event.type === 'store-faulted' && FAILURES.has(event.fault)) ? 'failed' : null;
    },
    endWasSent: (scope, session, term, before) => {
      const seat = scopes.find(scope);
      return ended.seen(seat, session, term, before) || endedOfAnyTerm.seen(seat, session, null, before);
    },
  };
}

/** Why a law that needs rows cannot be judged; null where it can. */
export function withoutRows({ store, evidence }: Lookup): string | null {
  if (store !== null) return null;
  return leavesStoreUnused(evidence) ? STORE_UNUSED : 'nothing is recorded of what the store held';
}

/** Where in the History something was seen first. */
class FirstSeen {
  readonly #positions = new Map<string, number>();

  note(seat: number, session: SessionId, term: Term | null, position: number): void {
    const key = keyOf(seat, session, term);
    if (!this.#positions.has(key)) this.#positions.set(key, position);
  }

  seen(seat: number, session: SessionId, term: Term | null, before: number): boolean {
    return (this.#positions.get(keyOf(seat, session, term)) ?? Infinity) < before;
  }
}

function keyOf(seat: number, session: SessionId, term: Term | null): string {
  return `${seat} ${term} ${session}`;
}

/** Starts that overlapped another start on their seat. */
export function contestedStarts({ operations }: Evidence): ReadonlySet<number> {
  const contested = new Set<number>();
  const latest: (Operation | undefined)[] = [];
  for (const operation of operations) {
    if (operation.command.type !== 'start') continue;
    const before = latest[operation.seat];
    const together =
      before !== undefined &&
      (operation.from < before.to || (operation.step !== null && operation.step === before.step));
    if (together) contested.add(before.call).add(operation.call);
    if (before === undefined || operation.to > before.to) latest[operation.seat] = operation;
  }
  return contested;
}

/** The reference design: `decide` over a store, one command at a time. */
import type { RuleCommand } from '../core/command.ts';
import { decide } from '../core/decide.ts';
import type { Policy } from '../core/policy.ts';
import type { Complete, Failed, ReplyTo, RuleReply, SweepReply } from '../core/reply.ts';
import type { Scope } from '../core/seat.ts';
import { START, type Instant } from '../core/time.ts';
import type { CompleteService, Deployment } from './port.ts';
import { MemoryStore, StoreFailure, type SeatStore } from './store.ts';

/** The service over any store. `now` reads the store's clock. */
export function referenceService(store: SeatStore, policy: Policy, now: () => Instant): CompleteService {
  const onSeat = <C extends RuleCommand>(scope: Scope, command: C): Complete<ReplyTo[C['type']]> => {
    const seat = store.read(scope);
    const decision = decide(seat, scope, command, policy, now());
    if (decision.seat !== seat) store.write(scope, decision.seat);
    return decision.reply;
  };
  return {
    start: (command) => orFailed(() => onSeat(command.scope, command)),
    heartbeat: (command) => orFailed(() => onSeat(command.scope, command)),
    end: (command) => orFailed(() => onSeat(command.scope, command)),
    status: (command) => orFailed(() => onSeat(command.scope, command)),
    sweep: (command) =>
      orFailed((): Complete<SweepReply> => {
        const replies = store.all().map(({ scope }) => onSeat(scope, command));
        return { type: 'swept', sessions: replies.flatMap((reply) => (reply.type === 'swept' ? reply.sessions : [])) };
      }),
  };
}

/** The reference design over a memory store, ready to be driven: the model that everything else is compared with. */
export function deployModel(policy: Policy): Deployment {
  let now: Instant = START;
  let store = new MemoryStore([]);
  let service = referenceService(store, policy, () => now);
  return {
    name: 'model',
    // Looked up at each use, because a reset replaces the store.
    get service() {
      return service;
    },
    concurrent: false,
    reset(licenses) {
      now = START;
      store = new MemoryStore(licenses);
      service = referenceService(store, policy, () => now);
    },
    setClock(instant) {
      now = instant;
    },
    held: () => store.rows(),
    fault: (fault) => store.fail(fault),
    empty: () => store.empty(),
    // The reference keeps nothing in memory besides its store.
    restart: () => undefined,
    close: () => undefined,
  };
}

function orFailed<R extends RuleReply>(answer: () => R): R | Complete<Failed> {
  try {
    return answer();
  } catch (error) {
    if (error instanceof StoreFailure) return { type: 'failed', why: error.why, message: error.message };
    throw error;
  }
}

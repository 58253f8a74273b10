/** The reference design: `decide` in one atomic statement a command, in process and in SQL, and the client that the policy wants. */
import { clientOf } from '../core/client.ts';
import type { Command, RuleCommand } from '../core/command.ts';
import { decide } from '../core/decide.ts';
import type { Decision } from '../core/decision.ts';
import type { Policy } from '../core/policy.ts';
import type { Failed, Reply } from '../core/reply.ts';
import type { Scope, Seat } from '../core/seat.ts';
import type { Instant } from '../core/time.ts';
import { DATABASE, type Host, type Procedure, type ServerProcess } from '../service/procedure.ts';
import { StoreFailure, type SeatStore } from '../service/store.ts';
import type { Design } from './design.ts';

/** What a command does to a seat: `decide`, or something that is wrong in one point. */
export type Rule = (seat: Seat, scope: Scope, command: RuleCommand, policy: Policy, now: Instant) => Decision;

export function referenceDesign(policy: Policy, about: string): Design {
  return {
    name: policy.name,
    about,
    policy,
    breaks: [],
    client: () => clientOf(policy),
    stores: [DATABASE],
    promises: null,
    resource: 'checks-terms',
    keepsRule: true,
    serve: referenceServer,
    sql: async () => (await import('./sql/reference.ts')).referenceSystem(policy),
  };
}

/** The server that a database in SQL does the same as. */
function referenceServer(host: Host): ServerProcess {
  return ruleServer(decide, host);
}

/** A server that carries out a rule in one atomic statement a command. */
export function ruleServer(rule: Rule, { policy }: Host): ServerProcess {
  return { handle: (command) => handle(rule, command, policy) };
}

/** `orFailed` around one statement, as one procedure and not three: most of what is ever simulated runs through here. */
function* handle(rule: Rule, command: Command, policy: Policy): Procedure<Reply> {
  const access = command.type === 'status' ? 'read' : 'write';
  const run = (store: SeatStore, now: Instant): Reply => carryOut(rule, store, command, policy, now);
  try {
    return (yield { type: 'statement', store: DATABASE, label: command.type, access, run }) as Reply;
  } catch (error) {
    return failedBy(error);
  }
}

function carryOut(rule: Rule, store: SeatStore, command: Command, policy: Policy, now: Instant): Reply {
  if (command.type !== 'sweep') return apply(rule, store, command.scope, command, policy, now);
  const replies = store.all().map(({ scope }) => apply(rule, store, scope, command, policy, now));
  return {
    type: 'swept',
    sessions: replies.flatMap((reply) => (reply.type === 'swept' ? (reply.sessions ?? []) : [])),
  };
}

/** The rule on the seat as it is stored, and what becomes of the seat stored in turn. `now` is the store's clock. */
export function apply(
  rule: Rule,
  store: SeatStore,
  scope: Scope,
  command: Command,
  policy: Policy,
  now: Instant,
): Reply {
  const seat = store.read(scope);
  const decision = rule(seat, scope, command, policy, now);
  if (decision.seat !== seat) store.write(scope, decision.seat);
  return decision.reply;
}

/** A store that fails is the reply `failed`. */
export function* orFailed(procedure: Procedure<Reply>): Procedure<Reply> {
  try {
    return yield* procedure;
  } catch (error) {
    return failedBy(error);
  }
}

function failedBy(error: unknown): Failed {
  if (!(error instanceof StoreFailure)) throw error;
  return { type: 'failed', why: error.why, message: error.message };
}

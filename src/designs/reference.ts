/** The reference design: `decide` in one atomic statement a command, and the client that the policy wants. */
import type { Command } from '../core/command.ts';
import { clientOf } from '../core/client.ts';
import type { Policy } from '../core/policy.ts';
import type { Failed, Reply } from '../core/reply.ts';
import { DATABASE, read, write, type Host, type Procedure, type ServerProcess } from '../service/procedure.ts';
import { decideOn } from '../service/reference.ts';
import { StoreFailure } from '../service/store.ts';
import type { Design } from './design.ts';

export function referenceDesign(policy: Policy, about: string): Design {
  return {
    name: policy.name,
    about,
    policy,
    client: () => clientOf(policy),
    stores: [DATABASE],
    promises: null,
    resource: 'checks-terms',
    serve: referenceServer,
  };
}

export function referenceServer({ policy }: Host): ServerProcess {
  return { handle: (command) => orFailed(handle(command, policy)) };
}

function handle(command: Command, policy: Policy): Procedure<Reply> {
  switch (command.type) {
    case 'sweep':
      return write('sweep', (store, now) => {
        const replies = store.all().map(({ scope }) => decideOn(store, scope, command, policy, now));
        return { type: 'swept', sessions: replies.flatMap((reply) => (reply.type === 'swept' ? reply.sessions : [])) };
      });
    case 'status':
      return read('status', (store, now) => decideOn(store, command.scope, command, policy, now));
    default:
      return write(command.type, (store, now) => decideOn(store, command.scope, command, policy, now));
  }
}

/** A store that fails is the reply `failed`. */
export function* orFailed(procedure: Procedure<Reply>): Procedure<Reply> {
  try {
    return yield* procedure;
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    return { type: 'failed', why: error.why, message: error.message } satisfies Failed;
  }
}

/** Designs with a seat for each symbol of a license: one that sells a session for each, and one that counts them. */
import type { Command } from '../../../../src/core/command.ts';
import { decide } from '../../../../src/core/decide.ts';
import type { Policy } from '../../../../src/core/policy.ts';
import { NO_TIME } from '../../../../src/core/time.ts';
import type { Reply } from '../../../../src/core/reply.ts';
import type { Scope } from '../../../../src/core/seat.ts';
import type { Design } from '../../../../src/designs/design.ts';
import { referenceDesign } from '../../../../src/designs/reference.ts';
import { design } from '../../../../src/designs/written.ts';

/** No seat sees another, and none need: two symbols are two sessions. */
export function soldPerSymbol(policy: Policy): Design {
  return referenceDesign({ ...policy, scope: 'license-and-symbol', licenseLimit: 2 }, '');
}

/** A start is refused while a session of the same license holds the seat of another symbol. */
export function countsSessions(policy: Policy): Design {
  return design({
    name: 'counts-sessions',
    policy: { ...policy, scope: 'license-and-symbol', licenseLimit: 1 },
    serve: ({ seats, policy: own, storeNow }) => {
      const answer = (command: Command & { readonly scope: Scope }): Reply => {
        const { scope } = command;
        for (const other of command.type === 'start' ? seats.all() : []) {
          if (other.scope.symbol === scope.symbol) continue;
          const { reply } = decide(other.seat, other.scope, { type: 'status', scope }, own, storeNow());
          // Term 0 is nobody's: whoever holds the other seat cannot be taken over from this one.
          if (reply.type === 'active') return refusal({ ...reply.holder, term: 0 });
        }
        const { seat, reply } = decide(seats.read(scope), scope, command, own, storeNow());
        seats.write(scope, seat);
        return reply;
      };
      return { start: answer, heartbeat: answer, end: answer, status: answer } as never;
    },
  });
}

const refusal = (holder: Extract<Reply, { type: 'refused' }>['holder']): Reply => ({
  type: 'refused',
  reason: 'other-device',
  holder,
  retryAfter: NO_TIME,
  replaced: null,
  notice: 'Your license is in use.',
});

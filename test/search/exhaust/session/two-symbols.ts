/** Designs with a seat for each symbol of a license: what they make of two symbols is told by their names. */
import type { Command } from '../../../../src/core/command.ts';
import { decide } from '../../../../src/core/decide.ts';
import type { Policy } from '../../../../src/core/policy.ts';
import type { Holder, Reply } from '../../../../src/core/reply.ts';
import type { Scope } from '../../../../src/core/seat.ts';
import { NO_TIME, type Instant } from '../../../../src/core/time.ts';
import type { Design } from '../../../../src/designs/design.ts';
import { referenceDesign } from '../../../../src/designs/reference.ts';
import { design } from '../../../../src/designs/written.ts';
import type { SeatStore } from '../../../../src/service/store.ts';

/** No seat sees another, and none need: two symbols are two sessions. */
export function soldPerSymbol(policy: Policy): Design {
  return referenceDesign({ ...policy, scope: 'license-and-symbol', licenseLimit: 2 }, '');
}

/** No seat sees another, though a license has one session. */
export function soldOnce(policy: Policy): Design {
  return referenceDesign({ ...policy, scope: 'license-and-symbol', licenseLimit: 1 }, '');
}

/** A start is refused while a session of the same license holds the seat of another symbol. */
export function countsSessions(policy: Policy): Design {
  return written('counts-sessions', { ...policy, licenseLimit: 1 }, (seats, command, own, now) => {
    for (const { scope, seat } of command.type === 'start' ? seats.all() : []) {
      if (scope.symbol === command.scope.symbol) continue;
      const { reply } = decide(seat, scope, { type: 'status', scope }, own, now);
      // Term 0 is nobody's: whoever holds the other seat cannot be taken over from this one.
      if (reply.type === 'active') return refusal({ ...reply.holder, term: 0 });
    }
    return obeyed(seats, command, own, now);
  });
}

/** Rivals take over on one symbol, and on no other. */
export function takesOverOn(symbol: string, policy: Policy): Design {
  return written('takes-over-on-one', { ...policy, licenseLimit: 2 }, (seats, command, own, now) => {
    const onConflict = command.scope.symbol === symbol ? 'take-over' : 'refuse';
    return obeyed(seats, command, { ...own, onConflict }, now);
  });
}

/** A start is granted as if there had never been another. */
export function looksAtNobody(policy: Policy): Design {
  return written('looks-at-nobody', { ...policy, licenseLimit: 2 }, (seats, command, own, now) => {
    if (command.type === 'start') {
      seats.write(command.scope, { ...seats.read(command.scope), latest: null, previous: null });
    }
    return obeyed(seats, command, own, now);
  });
}

type ScopedCommand = Command & { readonly scope: Scope };
type Rule = (seats: SeatStore, command: ScopedCommand, policy: Policy, now: Instant) => Reply;

function written(name: string, policy: Policy, rule: Rule): Design {
  return design({
    name,
    policy: { ...policy, scope: 'license-and-symbol' },
    serve: ({ seats, policy: own, storeNow }) => {
      const answer = (command: ScopedCommand): Reply => rule(seats, command, own, storeNow());
      return { start: answer, heartbeat: answer, end: answer, status: answer } as never;
    },
  });
}

const obeyed: Rule = (seats, command, policy, now) => {
  const { seat, reply } = decide(seats.read(command.scope), command.scope, command, policy, now);
  seats.write(command.scope, seat);
  return reply;
};

const refusal = (holder: Holder): Reply => ({
  type: 'refused',
  reason: 'other-device',
  holder,
  retryAfter: NO_TIME,
  replaced: null,
  notice: 'Your license is in use.',
});

/** A login that ends the one session it found, although there are more. */
import type { HeartbeatCommand } from '../../core/command.ts';
import { decide } from '../../core/decide.ts';
import type { Policy } from '../../core/policy.ts';
import type { Reply } from '../../core/reply.ts';
import type { Scope, Seat, SessionId } from '../../core/seat.ts';
import type { Instant } from '../../core/time.ts';
import { read, write } from '../../service/procedure.ts';
import type { SeatStore } from '../../service/store.ts';
import { withCommands } from '../change.ts';
import { apply } from '../reference.ts';
import { defect, type Defect } from './defect.ts';

/**
 * Sessions are rows of their own here. The newest is in the seat; what should have been ended with an earlier one and was
 * not stays beside it, in a row that the store shows under the name of the session.
 */
export const EVICT_ONE: Defect = defect(
  {
    name: 'evict-one',
    about: 'a login ends the one session that it found, and those that came meanwhile stay',
    breaks: ['P1', 'P4', 'P9', 'P12', 'P17'],
    seenIn: ['keycloak 14689'],
  },
  (correct) =>
    withCommands(correct, ({ policy }) => ({
      *start(command) {
        const { scope } = command;
        const found = yield* read('find the session to end', (store) => store.read(scope));
        return yield* write('end it, and add the new one', (store, now) => {
          const seat = store.read(scope);
          if (seat.term === found.term) return apply(decide, store, scope, command, policy, now);
          const { seat: added, reply } = decide({ ...found, term: seat.term }, scope, command, policy, now);
          if (reply.type !== 'granted') return apply(decide, store, scope, command, policy, now);
          keepBeside(store, scope, seat);
          store.write(scope, added);
          return reply;
        });
      },
      heartbeat: (command) => write('heartbeat', (store, now) => renew(store, command, policy, now)),
    })),
);

function renew(store: SeatStore, command: HeartbeatCommand, policy: Policy, now: Instant): Reply {
  const beside = besideOf(command.scope, command.session);
  const row = store.all().find(({ scope }) => scope.license === beside.license && scope.symbol === beside.symbol);
  return apply(decide, store, row === undefined ? command.scope : beside, command, policy, now);
}

function keepBeside(store: SeatStore, scope: Scope, seat: Seat): void {
  if (seat.latest !== null) store.write(besideOf(scope, seat.latest.id), seat);
}

function besideOf({ license, symbol }: Scope, session: SessionId): Scope {
  return { license, symbol: `${symbol}${symbol === '' ? '' : ', '}also held by ${session}` };
}

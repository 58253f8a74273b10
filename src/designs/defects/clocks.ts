/** Mistakes about time: whose clock is read, and when. */
import { decide } from '../../core/decide.ts';
import { expiryOf } from '../../core/expiry.ts';
import { read, write } from '../../service/procedure.ts';
import { withCommands, withRule } from '../change.ts';
import { apply } from '../reference.ts';
import { defect, type Defect } from './defect.ts';

const wallOrZone = defect(
  {
    name: 'wall-or-zone',
    about: 'expiry is judged by the wall clock of the server, not by that of the store',
    breaks: ['P18', 'P1', 'P2', 'P9', 'P12', 'P17'],
    seenIn: ['etcd 12291', 'db-scheduler 433'],
  },
  (correct) =>
    withRule(correct, (host) => (seat, scope, command, policy) => decide(seat, scope, command, policy, host.now())),
);

const transactionStartNow = defect(
  {
    name: 'transaction-start-now',
    about: 'a heartbeat writes the time at which its transaction began, also where it then waited for the row',
    breaks: ['P5', 'P1', 'P2', 'P9', 'P12', 'P17'],
    seenIn: ['emmett 339'],
  },
  (correct) =>
    withCommands(correct, ({ policy }) => ({
      *heartbeat(command) {
        const began = yield* read('begin', (_, now) => now);
        return yield* write('heartbeat', (store, now) => {
          const reply = apply(decide, store, command.scope, command, policy, began);
          // The program counts from when it was told that the row was updated.
          return reply.type === 'renewed' ? { ...reply, expiry: expiryOf(now, policy.timeout, policy) } : reply;
        });
      },
    })),
);

export const OF_CLOCKS: readonly Defect[] = [wallOrZone, transactionStartNow];

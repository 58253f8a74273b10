/** The server of S1: a start deletes whatever session the key has and inserts its own; a job deletes what fell silent. */
import { decide } from '../../core/decide.ts';
import { replacementNotice } from '../../core/notices.ts';
import type { Policy } from '../../core/policy.ts';
import type { Reply } from '../../core/reply.ts';
import { read, write } from '../../service/procedure.ts';
import type { SeatStore } from '../../service/store.ts';
import type { Commands } from '../change.ts';
import { apply, type Rule } from '../reference.ts';
import { claim, vacant } from '../rows.ts';

export function commandsOf(policy: Policy): Commands {
  return {
    *start(command) {
      const { scope, device } = command;
      const found = yield* read('find a session of the key', (store) => store.read(scope));
      const { latest, term } = found;
      if (latest !== null) yield* write('delete it', (store) => store.write(scope, vacant(store.read(scope))));
      const granted = yield* write('insert the new one', (store, now) => claim(store, command, policy, now, null));
      if (latest === null || granted.type !== 'granted') return granted;
      // Told from what was found, not from what was deleted.
      const notice = replacementNotice(latest.device === device ? 'this-device' : 'another-device');
      return { ...granted, replaced: { session: latest.id, device: latest.device, term }, notice };
    },
    heartbeat: (command) =>
      write('heartbeat', (store, now) => apply(decide, store, command.scope, command, policy, now)),
    end: (command) => write('delete', (store, now) => apply(DELETES, store, command.scope, command, policy, now)),
    sweep: (command) =>
      write('delete the silent', (store, now) =>
        sweepAll(store, (scope) => apply(DELETES, store, scope, command, policy, now)),
      ),
  };
}

/** Whatever is over is no row any more. */
const DELETES: Rule = (seat, scope, command, policy, now) => {
  const decision = decide(seat, scope, command, policy, now);
  return decision.seat === seat ? decision : { ...decision, seat: vacant(seat) };
};

function sweepAll(store: SeatStore, sweep: (scope: { license: string; symbol: string }) => Reply): Reply {
  const replies = store.all().map(({ scope }) => sweep(scope));
  return {
    type: 'swept',
    sessions: replies.flatMap((reply) => (reply.type === 'swept' ? (reply.sessions ?? []) : [])),
  };
}

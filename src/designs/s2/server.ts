/** The server of S2: a row for each symbol of a license, which every heartbeat writes. */
import type { Reply } from '../../core/reply.ts';
import { expiryOf } from '../../core/expiry.ts';
import type { Host, Procedure } from '../../service/procedure.ts';
import { write } from '../../service/procedure.ts';
import { StoreFailure } from '../../service/store.ts';
import type { HeartbeatCommand } from '../../core/command.ts';
import type { Commands } from '../change.ts';
import { check, claim, clearOfDevice, upsert } from '../rows.ts';

export function commandsOf(host: Host, failure: 'swallowed' | 'reported'): Commands {
  const { policy } = host;
  return {
    *start(command) {
      const answer = yield* check(command, policy);
      if (answer.type !== 'granted') return answer;
      return yield* write('upsert', (store, now) => claim(store, command, policy, now, answer));
    },
    heartbeat(command, caller) {
      const renewal = write('upsert', (store, now) => upsert(store, command, caller, policy, now));
      return failure === 'swallowed' ? swallowed(renewal, command, host) : renewal;
    },
    end: (command, caller) => write('delete', (store) => clearOfDevice(store, command, caller)),
  };
}

/** The failure is logged, and the answer is that all is well. */
export function* swallowed(
  renewal: Procedure<Reply>,
  { term }: HeartbeatCommand,
  { policy, now }: Host,
): Procedure<Reply> {
  try {
    return yield* renewal;
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    return { type: 'renewed', ...(term === null ? {} : { term }), expiry: expiryOf(now(), policy.timeout, policy) };
  }
}

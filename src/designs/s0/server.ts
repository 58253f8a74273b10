/** The server of S0: one row for a license, with the device and the time of the last heartbeat, and nothing of sessions. */
import type { StartCommand } from '../../core/command.ts';
import { hasExpired } from '../../core/expiry.ts';
import type { Policy } from '../../core/policy.ts';
import type { Fingerprint } from '../../core/seat.ts';
import { write, type Procedure } from '../../service/procedure.ts';
import type { Commands } from '../change.ts';
import { check, claim, clearOfDevice, renewOfDevice, vacant } from '../rows.ts';

/** A login, with its clearing of stale rows before all else or only on behalf of another device. */
export function commandsOf(policy: Policy, clears: 'always' | 'for-another-device'): Commands {
  return {
    *start(command) {
      if (clears === 'always') yield* clearStale(command, policy, null);
      const answer = yield* check(command, policy);
      if (answer.type !== 'granted') return answer;
      if (clears === 'for-another-device') yield* clearStale(command, policy, command.device);
      return yield* write('claim', (store, now) => claim(store, command, policy, now, answer));
    },
    heartbeat: (command, caller) =>
      write('heartbeat', (store, now) => renewOfDevice(store, command, caller, policy, now)),
    end: (command, caller) => write('release', (store) => clearOfDevice(store, command, caller)),
  };
}

function clearStale({ scope }: StartCommand, policy: Policy, unless: Fingerprint | null): Procedure<void> {
  return write('clear a stale session', (store, now) => {
    const seat = store.read(scope);
    const { latest } = seat;
    if (latest?.standing.type !== 'held' || latest.device === unless) return;
    if (hasExpired(latest.standing.lastHeartbeat, latest.timeout, policy, now)) store.write(scope, vacant(seat));
  });
}

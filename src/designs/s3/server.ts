/** The server of S3: every start is refused while the heartbeat is young, and a missing heartbeat means released. */
import type { StartCommand } from '../../core/command.ts';
import { expiryOf } from '../../core/expiry.ts';
import type { Policy } from '../../core/policy.ts';
import type { Refused, Reply } from '../../core/reply.ts';
import { write, type Procedure } from '../../service/procedure.ts';
import type { SeatStore } from '../../service/store.ts';
import type { Commands } from '../change.ts';
import { check, claim, giveHeartbeat, renewOfDevice } from '../rows.ts';
import type { Notices } from './notices.ts';

export function commandsOf(policy: Policy, notices: Notices): Commands {
  return {
    *start(command) {
      // The row has no session, so a start that is sent again is a start like any other.
      const answer = yield* check({ ...command, session: '' }, policy);
      if (answer.type === 'refused') return inWords(answer, notices);
      return answer.type === 'granted' ? yield* claimInTwo(command, policy) : answer;
    },
    heartbeat: (command, caller) =>
      write('heartbeat', (store, now) => renewOfDevice(store, command, caller, policy, now)),
    *end(command, caller) {
      return yield* write('release', (store) => {
        const { latest } = store.read(command.scope);
        if (latest !== null && latest.device !== caller) return { type: 'gone', why: 'unknown', by: latest.device };
        withoutHeartbeat(store, command.scope);
        return { type: 'ended' };
      });
    },
  };
}

/** First the device, as one that has no heartbeat yet, then its heartbeat: in between the row looks released. */
function* claimInTwo(command: StartCommand, policy: Policy): Procedure<Reply> {
  const { scope } = command;
  const claimed = yield* write('write the device', (store, now) => {
    const reply = claim(store, command, policy, now, null);
    withoutHeartbeat(store, scope);
    return reply;
  });
  return yield* write('write its heartbeat', (store, now) => {
    giveHeartbeat(store, scope, now);
    return claimed.type === 'granted' ? { ...claimed, expiry: expiryOf(now, policy.timeout, policy) } : claimed;
  });
}

function withoutHeartbeat(store: SeatStore, scope: StartCommand['scope']): void {
  const seat = store.read(scope);
  if (seat.latest === null) return;
  store.write(scope, { ...seat, latest: { ...seat.latest, standing: { type: 'released' } } });
}

function inWords(refused: Refused, notices: Notices): Refused {
  const { reason } = refused;
  return reason === undefined || reason === 'grace' ? refused : { ...refused, notice: notices[reason] };
}

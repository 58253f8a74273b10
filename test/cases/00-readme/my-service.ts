/** The README's service, mended: it checks and claims the seat in one statement. It has no clean-up job, so it has no sweep. */
import { decide, design, recommended, type SessionService } from 'seatproof';

type OnSeat = Parameters<NonNullable<SessionService['start' | 'heartbeat' | 'end' | 'status']>>[0];

export default design({
  name: 'my-service',
  policy: recommended,
  serve: ({ store, policy }) => {
    const handle = (command: OnSeat): Promise<never> =>
      store.update(command.scope, (seat, now) => {
        const { seat: next, reply } = decide(seat, command.scope, command, policy, now);
        return { seat: next, result: reply as never };
      });
    return { start: handle, heartbeat: handle, end: handle, status: handle };
  },
});

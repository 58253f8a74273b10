/** The README's service, mended: it checks and claims the seat in one statement. It has no clean-up job, so it has no sweep. */
import { decide, design, recommended, type Command, type SweepCommand } from 'seatproof';

type OnSeat = Exclude<Command, SweepCommand>;

export default design({
  name: 'my-service',
  policy: recommended,
  serve: ({ store, policy }) => {
    const handle = <C extends OnSeat>(command: C) =>
      store.update(command.scope, (seat, now) => {
        const { seat: next, reply } = decide(seat, command.scope, command, policy, now);
        return { seat: next, result: reply };
      });
    return { start: handle, heartbeat: handle, end: handle, status: handle };
  },
});

/** A heartbeat that adds the whole timeout to the deadline that there is, instead of counting it from now; and its mend. */
import { adjust, decide, design, recommended, type Duration, type Instant, type Reply } from 'seatproof';

const policy = adjust(recommended, { name: 'promise-lock', onConflict: 'refuse' });

export function service(name: string, mended: boolean): ReturnType<typeof design> {
  return design({
    name,
    policy,
    serve: ({ store }) => {
      const handle = (
        command: Parameters<typeof decide>[2] & { readonly scope: { license: string; symbol: string } },
      ) =>
        store.update(command.scope, (seat, now): { seat: typeof seat; result: Reply } => {
          const { seat: next, reply } = decide(seat, command.scope, command, policy, now);
          const standing = seat.latest?.standing;
          if (mended || reply.type !== 'renewed' || standing?.type !== 'held' || next.latest === null) {
            return { seat: next, result: reply };
          }
          const lastHeartbeat = later(standing.lastHeartbeat, policy.timeout);
          return {
            seat: { ...next, latest: { ...next.latest, standing: { type: 'held', lastHeartbeat } } },
            result: { ...reply, expiry: later(lastHeartbeat, policy.timeout) },
          };
        }) as Promise<never>;
      return { start: handle, heartbeat: handle, end: handle, status: handle };
    },
  });
}

function later(instant: Instant, by: Duration): Instant {
  return (instant + by) as Instant;
}

/** A right login that tells nothing but the type of each reply. */
import { adjust, decide, design, recommended, type SessionService, type StoreHandle } from 'seatproof';

const policy = adjust(recommended, {
  name: 'types-only',
  onConflict: 'refuse',
  grace: { afterExpiry: '0s', afterTakeover: '0s' },
});

type OnSeat = Parameters<NonNullable<SessionService['start' | 'heartbeat' | 'end']>>[0];

const login =
  (store: StoreHandle) =>
  (command: OnSeat): Promise<never> =>
    store.update(command.scope, (seat, now) => {
      const own = command.type === 'start' ? command : { ...command, term: seat.term };
      const { seat: next, reply } = decide(seat, command.scope, own, policy, now);
      return { seat: next, result: { type: reply.type } as never };
    });

export default design({
  name: 'types-only',
  policy,
  serve: ({ store }) => ({ start: login(store), heartbeat: login(store), end: login(store) }),
});

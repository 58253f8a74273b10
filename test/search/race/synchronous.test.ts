/** Races in memory of a service whose methods answer at once, so that its calls have no step. */
import { expect, test } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import { recommended } from '../../../src/core/presets/recommended.ts';
import { design } from '../../../src/designs/written.ts';
import { parseCalls, seatFor } from '../../../src/search/race/case.ts';
import { inMemory } from '../../../src/search/race/memory-place.ts';
import { race } from '../../../src/search/race/race.ts';
import type { SessionService } from '../../../src/service/port.ts';
import { adjust } from '../../../src/scenario/words/adjust.ts';

type OnSeat = Parameters<NonNullable<SessionService['start' | 'heartbeat' | 'end' | 'status']>>[0];

/** Follows the rule over the store. Of heartbeats it writes none where `forgets` says so. */
function synchronous(forgets: boolean) {
  return design({
    name: 'synchronous',
    policy: adjust(recommended, { onConflict: 'refuse' }),
    serve: ({ seats, policy, storeNow }) => {
      const handle = (command: OnSeat): never => {
        const seat = seats.read(command.scope);
        const { seat: next, reply } = decide(seat, command.scope, command, policy, storeNow());
        if (next !== seat && !(forgets && command.type === 'heartbeat')) seats.write(command.scope, next);
        return reply as never;
      };
      return { start: handle, heartbeat: handle, end: handle, status: handle };
    },
  });
}

test.each(['start,start', 'heartbeat,end', 'start,heartbeat,end'])('sees the rows that %s leave', async (calls) => {
  const specs = parseCalls(calls);
  const raceCase = { calls: specs, seat: seatFor(specs), isolation: 'read committed', extras: [] } as const;
  const { broken, kept } = await race([inMemory(synchronous(false))], raceCase);
  expect([...broken]).toEqual([]);
  expect(kept).toContain('P22');
});

test('finds a heartbeat that is acknowledged and not written', async () => {
  const raceCase = { calls: parseCalls('heartbeat'), seat: 'live', isolation: 'read committed', extras: [] } as const;
  const { broken } = await race([inMemory(synchronous(true))], raceCase);
  expect([...broken.keys()]).toContain('P6');
});

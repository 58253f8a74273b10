/** Probes after the orders of a race: when they run, what they see, and what becomes of one that hangs. */
import { afterAll, expect, test } from 'vitest';
import { recommended } from '../../../src/core/presets/recommended.ts';
import { designByName } from '../../../src/designs/all.ts';
import type { Design } from '../../../src/designs/design.ts';
import { design } from '../../../src/designs/written.ts';
import type { HistoryEvent } from '../../../src/history/history.ts';
import { parseCalls, type RaceCase } from '../../../src/search/race/case.ts';
import { onDatabase, type DatabasePlace } from '../../../src/search/race/place.ts';
import { playAndJudge } from '../../../src/search/race/race.ts';
import type { Choice } from '../../../src/search/race/schedule.ts';
import { stage } from '../../../src/search/race/stage.ts';
import { sharedServer } from '../../postgres/shared-server.ts';

const places = new Map<Design, DatabasePlace>();
afterAll(() => Promise.all([...places.values()].map((place) => place.close())));

async function played(
  raced: Design,
  { calls, ...more }: { calls: string } & Partial<Omit<RaceCase, 'calls'>>,
  schedule: readonly Choice[] = [],
  patience?: number,
): Promise<readonly HistoryEvent[]> {
  const place = places.get(raced) ?? (await onDatabase(await sharedServer(), raced));
  places.set(raced, place);
  const plain = { seat: 'fresh', isolation: 'read committed', extras: [] } as const;
  const staged = await stage(place, { ...plain, ...more, calls: parseCalls(calls) });
  const again = await playAndJudge(staged, schedule, patience);
  return again?.judged.history.events ?? [];
}

/** `heartbeat laptop renewed`, for each probe. */
function probesIn(events: readonly HistoryEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type !== 'called' || event.probe !== true) return [];
    const answer = events.find((each) => each.type === 'answered' && each.call === event.call);
    return [`${event.command.type} ${event.actor} ${answer?.type === 'answered' ? answer.reply.type : 'none'}`];
  });
}

test('come after everything else and before the end', async () => {
  const events = await played(designByName('recommended'), { calls: 'start' });
  expect(probesIn(events)).toEqual(['status stranger active', 'heartbeat desktop renewed', 'start stranger refused']);
  const first = events.findIndex((event) => event.type === 'called' && event.probe === true);
  expect(
    events
      .slice(first)
      .map(({ type }) => type)
      .filter((type) => type !== 'held'),
  ).toEqual(['called', 'answered', 'called', 'answered', 'called', 'answered', 'end']);
});

test.each([
  { fault: 'a caller that crashed', act: 'crashes', extras: ['crash'] },
  { fault: 'a lost connection', act: 'loses-statement', extras: ['lost'] },
] as const)('follow $fault, whose call stays without an answer', async ({ act, extras }) => {
  const schedule: readonly Choice[] =
    act === 'crashes'
      ? [
          { actor: 0, act: 'runs' },
          { actor: 0, act },
        ]
      : [
          { actor: 0, act: 'runs' },
          { actor: 0, act },
        ];
  const events = await played(designByName('s3-before'), { calls: 'start', extras }, schedule);
  const calls = events.filter((event) => event.type === 'called' && event.probe !== true);
  expect(calls).toHaveLength(1);
  expect(events.some((event) => event.type === 'answered' && event.call === 0)).toBe(false);
  expect(probesIn(events)).toContain('start stranger granted');
});

test('report a call that never comes to its end, and leave the lane as it was', async () => {
  // The connection of the start keeps its lock, as a service does that forgets to unlock.
  const forgets = design({
    name: 'forgets-lock',
    policy: recommended,
    sql: {
      tables: 'CREATE TABLE seats (license text)',
      service: ({ pool }) => ({
        start: async ({ scope: { license } }) => {
          await pool.query('SELECT pg_advisory_lock(hashtext($1))', [`forgets ${license}`]);
          return { type: 'granted' };
        },
      }),
    },
  });
  for (let again = 0; again < 2; again += 1) {
    const events = await played(forgets, { calls: 'start' }, [], 300);
    expect(probesIn(events)).toEqual(['start stranger none']);
    expect(events.at(-2)).toMatchObject({ type: 'design-failed', how: 'hung' });
  }
});

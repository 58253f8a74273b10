/** Who goes on first of several that one has kept waiting: every order of them is played where they can be held. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { START } from '../../../src/core/time.ts';
import type { RaceCall } from '../../../src/search/race/call.ts';
import { Lane } from '../../../src/search/race/lane.ts';
import { playSchedule } from '../../../src/search/race/play-schedule.ts';
import type { Choice } from '../../../src/search/race/schedule.ts';
import { sharedServer } from '../../postgres/shared-server.ts';
import { checkThenClaim, count, TABLES } from './logins.ts';

/** One whose waiting calls can be held, and one where the server alone decides who goes on. */
let held: Lane;
let free: Lane;
beforeAll(async () => {
  const server = await sharedServer();
  held = await Lane.open(server, { tables: TABLES });
  free = await Lane.open({ ...server, runsHere: false }, { tables: TABLES });
  for (const lane of [held, free]) await lane.begin('read committed', () => Promise.resolve(START));
});
afterAll(async () => {
  await held.close();
  await free.close();
});

const INSERT = `INSERT INTO seats VALUES ('L2', $1) ON CONFLICT DO NOTHING`;

/** Has the key for a while, and gives it back. */
const insertsAndRollsBack: RaceCall = {
  name: 'kiosk',
  run: async ({ pool }) => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query(INSERT, ['kiosk']);
    await client.query('ROLLBACK');
    client.release();
    return 'rolled back';
  },
};

const inserts = (device: string): RaceCall => ({
  name: device,
  run: async ({ pool }) => ((await pool.query(INSERT, [device])).rowCount === 1 ? 'granted' : 'refused'),
});

const CALLS = [insertsAndRollsBack, inserts('laptop'), inserts('desktop')];
const runs = (...actors: readonly number[]): readonly Choice[] => actors.map((actor) => ({ actor, act: 'runs' }));

describe('two that wait for one and the same transaction', () => {
  test.each([
    { first: 1, answers: ['granted', 'refused'] },
    { first: 2, answers: ['refused', 'granted'] },
  ])('go on in the order that is chosen: $first first', async ({ first, answers }) => {
    const schedule = [...runs(0, 0, 1, 2), { actor: 0, act: 'runs', wakes: [first] }] as const;
    const played = await playSchedule(held, CALLS, schedule, {});
    expect(played?.events.map(({ waitsFor }) => waitsFor)).toEqual([[], [], [0], [0], []]);
    expect(played?.events[4]).toMatchObject({ wakes: [first], chosen: false });
    expect(played?.answers.slice(1)).toEqual(answers.map((value) => ({ type: 'returned', value })));
  });

  // 20 shuffles of 3, 1 and 1 statements. In the 2 in which both wait, either goes on first.
  test('are tried both ways, in every order as in one of each class', async () => {
    const raw = await count(held, CALLS, { mode: 'raw' });
    expect({ schedules: raw.schedules, chosen: raw.chosen, outcomes: raw.outcomes }).toEqual({
      schedules: 22,
      chosen: 0,
      outcomes: { 'rolled back, granted, refused': 11, 'rolled back, refused, granted': 11 },
    });
    const reduced = await count(held, CALLS);
    expect(Object.keys(reduced.outcomes).toSorted()).toEqual(Object.keys(raw.outcomes).toSorted());
    expect(reduced.chosen).toBe(0);
  });

  test('cannot be tried both ways where the server is not ours to hold, and that is told', async () => {
    const { schedules, chosen } = await count(free, CALLS, { mode: 'raw' });
    expect({ schedules, chosen }).toEqual({ schedules: 20, chosen: 2 });
    const asked = [...runs(0, 0, 1, 2), { actor: 0, act: 'runs', wakes: [2] }] as const;
    expect(await playSchedule(free, CALLS, asked, {})).toBeNull();
  });
});

test('two that stand in line for one row go on in the order in which they came, and there is nothing to choose', async () => {
  const calls = ['kiosk', 'laptop', 'desktop'].map((device) => checkThenClaim(device, 'FOR UPDATE'));
  const played = await playSchedule(held, calls, runs(0, 0, 2, 2, 1, 1, 0, 0, 2, 1), {});
  expect(played?.events.map(({ waitsFor }) => waitsFor).slice(3, 6)).toEqual([[0], [], [2]]);
  expect(played?.events[7]).toMatchObject({ released: [{ actor: 2 }], others: [] });
  expect(played?.answers.map((answer) => 'value' in answer && answer.value)).toEqual(['granted', 'refused', 'refused']);
});

test('nobody is held any more when the orders are played', async () => {
  await count(held, CALLS);
  const { rows } = await held.control.query('SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted');
  expect(rows).toEqual([{ waiting: 0 }]);
});

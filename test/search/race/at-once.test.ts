/** A call that sends several statements at once: every order of them is played, together with those of other calls. */
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RaceCall } from '../../../src/search/race/call.ts';
import { playSchedule } from '../../../src/search/race/play-schedule.ts';
import type { Lane } from '../../../src/search/race/lane.ts';
import { choiceText, parseChoice, type Choice } from '../../../src/search/race/schedule.ts';
import { laneWith } from './lane-for-tests.ts';
import { claimIfFree, count, TABLES } from './logins.ts';

let lane: Lane;
beforeAll(async () => {
  lane = await laneWith(TABLES);
});
afterAll(() => lane.close());

const readAndWrite = async (pool: Pool): Promise<string> => {
  const [{ rows }] = await Promise.all([
    pool.query<{ device: string | null }>('SELECT device FROM seats'),
    pool.query('UPDATE seats SET device = $1', ['both']),
  ]);
  return String(rows[0]?.device);
};
const both: RaceCall = { name: 'both', run: ({ pool }) => readAndWrite(pool) };

test('two statements on a pool: the read sees the write, or it does not', async () => {
  const { schedules, outcomes } = await count(lane, [both]);
  expect({ schedules, outcomes }).toEqual({ schedules: 2, outcomes: { null: 1, both: 1 } });
});

test('with another call there are 6 orders, and one of each class shows the same outcomes', async () => {
  const calls = [both, claimIfFree('desktop')];
  const raw = await count(lane, calls, { mode: 'raw' });
  expect({ schedules: raw.schedules, outcomes: raw.outcomes }).toEqual({
    schedules: 6,
    outcomes: {
      'null, refused': 1,
      'both, refused': 2,
      'null, granted': 1,
      'desktop, granted': 1,
      'both, granted': 1,
    },
  });
  const reduced = await count(lane, calls);
  expect(Object.keys(reduced.outcomes).toSorted()).toEqual(Object.keys(raw.outcomes).toSorted());
});

test('statements that differ only in their values are played in both orders', async () => {
  const run: RaceCall['run'] = async ({ pool }) => {
    const names = ['a', 'b'];
    await Promise.all(names.map((name) => pool.query('UPDATE seats SET device = coalesce(device, $1)', [name])));
    return (await pool.query<{ device: string }>('SELECT device FROM seats')).rows[0]?.device;
  };
  const { schedules, outcomes } = await count(lane, [{ name: 'both', run }]);
  expect({ schedules, outcomes }).toEqual({ schedules: 2, outcomes: { a: 1, b: 1 } });
});

test('so are those of a pool of its own, in the order of their text', async () => {
  let pool: Pool | null = null;
  const run: RaceCall['run'] = ({ url }) => readAndWrite((pool ??= new Pool({ connectionString: url, max: 2 })));
  const { schedules, outcomes } = await count(lane, [{ name: 'both', run }], { mode: 'raw' });
  await (pool as Pool | null)?.end();
  expect({ schedules, outcomes }).toEqual({ schedules: 2, outcomes: { null: 1, both: 1 } });
});

test('a schedule names the one that is next', async () => {
  const second: Choice = { actor: 0, act: 'runs', step: 1 };
  expect(parseChoice(choiceText(second))).toEqual(second);
  expect(parseChoice(choiceText({ ...second, act: 'loses-answer', wakes: [1, 2] }))).toEqual({
    ...second,
    act: 'loses-answer',
    wakes: [1, 2],
  });
  const played = await playSchedule(lane, [both], [second], {});
  expect(played?.events.map(({ what }) => what)).toEqual(['UPDATE seats SET device = $1', 'SELECT device FROM seats']);
  expect(played?.answers).toEqual([{ type: 'returned', value: 'both' }]);
});

test('a service that opens a connection for each request is raced with them', async () => {
  const call = (device: string): RaceCall => ({
    name: device,
    run: async ({ url }) => {
      const client = new Client(url);
      await client.connect();
      try {
        const { rows } = await client.query<{ device: string | null }>('SELECT device FROM seats');
        if (rows[0]?.device !== null) return 'refused';
        await client.query('UPDATE seats SET device = $1', [device]);
        return 'granted';
      } finally {
        await client.end();
      }
    },
  });
  const { schedules, outcomes } = await count(lane, [call('laptop'), call('desktop')], { mode: 'raw' });
  expect({ schedules, outcomes }).toEqual({
    schedules: 6,
    outcomes: { 'granted, granted': 4, 'granted, refused': 1, 'refused, granted': 1 },
  });
});

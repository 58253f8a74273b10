/** Steps besides the calls: a clock that moves, a caller that dies, an answer that is lost; and steps outside the database. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { START, type Instant } from '../../../src/core/time.ts';
import type { RaceCall } from '../../../src/search/race/call.ts';
import { playSchedule } from '../../../src/search/race/play-schedule.ts';
import { memoryGround } from '../../../src/search/race/ground.ts';
import type { Lane } from '../../../src/search/race/lane.ts';
import { laneWith } from './lane-for-tests.ts';
import { checkThenClaim, claimIfFree, count, TABLES } from './logins.ts';

let lane: Lane;
beforeAll(async () => {
  lane = await laneWith(`${TABLES}; CREATE TABLE notes (id int PRIMARY KEY, made timestamptz DEFAULT now())`);
});
afterAll(() => lane.close());

const holder = async (): Promise<unknown> => (await lane.control.query('SELECT device FROM seats')).rows[0]?.device;

describe('a caller that crashes', () => {
  test('between any two of its statements, and its transaction rolls back', async () => {
    const { schedules, outcomes } = await count(lane, [checkThenClaim('laptop')], { mode: 'raw', crashes: true });
    expect({ schedules, outcomes }).toEqual({ schedules: 4, outcomes: { granted: 1, crashed: 3 } });
    expect(await holder()).toBeNull();
  });

  test('lets go of whoever waits for it', async () => {
    const calls = [checkThenClaim('laptop', 'FOR UPDATE'), checkThenClaim('desktop', 'FOR UPDATE')];
    const played = await playSchedule(
      lane,
      calls,
      [
        { actor: 0, act: 'runs' },
        { actor: 0, act: 'runs' },
        { actor: 1, act: 'runs' },
        { actor: 1, act: 'runs' },
        { actor: 0, act: 'crashes' },
      ],
      { crashes: true },
    );
    expect(played?.events[3]).toMatchObject({ outcome: null, waitsFor: [0] });
    expect(played?.events[4]?.released).toEqual([{ actor: 1, outcome: { type: 'done', rows: 1 } }]);
    expect(played?.answers[1]).toEqual({ type: 'returned', value: 'granted' });
    expect(await holder()).toBe('desktop');
  });
});

describe('a caller that dies while it waits', () => {
  const schedule = (act: 'runs' | 'dies-waiting') =>
    [
      { actor: 0, act: 'runs' },
      { actor: 0, act: 'runs' },
      { actor: 1, act },
      { actor: 0, act: 'runs' },
    ] as const;
  const claim = claimIfFree('desktop');
  const holdThenRollBack: RaceCall = {
    name: 'laptop',
    run: async ({ pool }) => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query('SELECT FROM seats FOR UPDATE');
      await client.query('ROLLBACK');
      client.release();
    },
  };

  test('has its statement carried out all the same, as a server does that has not noticed', async () => {
    const played = await playSchedule(lane, [holdThenRollBack, claim], schedule('dies-waiting'), { crashes: true });
    expect(played?.events[2]).toMatchObject({ outcome: null, waitsFor: [0] });
    expect(played?.events[3]?.released).toEqual([{ actor: 1, outcome: { type: 'done', rows: 1 } }]);
    expect(played?.answers[1]).toEqual({ type: 'crashed' });
    expect(await holder()).toBe('desktop');
  });

  test('and in a transaction, which nobody ends, it rolls back', async () => {
    const calls = [holdThenRollBack, checkThenClaim('desktop', 'FOR UPDATE')];
    const inTransaction = schedule('dies-waiting').toSpliced(2, 0, { actor: 1, act: 'runs' });
    const played = await playSchedule(lane, calls, inTransaction, { crashes: true });
    expect(played?.events[4]?.released).toEqual([{ actor: 1, outcome: { type: 'done', rows: 1 } }]);
    expect(await holder()).toBeNull();
    // Other tests wait for rows of their own on the same server.
    const { rows } = await lane.control.query(
      `SELECT count(*)::int AS held FROM pg_locks WHERE locktype = 'tuple' AND relation = 'seats'::regclass`,
    );
    expect(rows).toEqual([{ held: 0 }]);
  });

  test('is tried wherever somebody may keep it waiting, and nowhere else', async () => {
    const { outcomes } = await count(lane, [holdThenRollBack, claim], { mode: 'raw', crashes: true });
    // Of the 4 places of the claim among 3 statements, the lock is held in one.
    expect(outcomes['undefined, crashed']).toBe(1);
    const reduced = await count(lane, [holdThenRollBack, claim], { crashes: true });
    expect(Object.keys(reduced.outcomes).toSorted()).toEqual(Object.keys(outcomes).toSorted());
    const alone = await count(lane, [claim], { mode: 'raw', crashes: true });
    expect(alone.outcomes).toEqual({ granted: 1 });
  });
});

describe('a connection that is lost', () => {
  test('after the statement took effect, or before: the caller cannot tell', async () => {
    const left: unknown[] = [];
    for (const act of ['loses-answer', 'loses-statement'] as const) {
      const played = await playSchedule(lane, [claimIfFree('laptop')], [{ actor: 0, act }], { lostAnswers: true });
      expect(played?.answers[0]).toMatchObject({
        type: 'threw',
        error: { code: 'ECONNRESET' },
      });
      left.push(await holder());
    }
    expect(left).toEqual(['laptop', null]);
  });

  test('is offered for what lasts: a COMMIT, or a write outside a transaction', async () => {
    const inTransaction = await count(lane, [checkThenClaim('laptop')], { mode: 'raw', lostAnswers: true });
    const alone = await count(lane, [claimIfFree('laptop')], { mode: 'raw', lostAnswers: true });
    // Each is answered, loses its answer, or is lost itself. A ROLLBACK on a lost connection fails too.
    expect([inTransaction.schedules, alone.schedules]).toEqual([3, 3]);
    expect(alone.rawAtMost).toBeNull();
  });
});

describe('a clock that moves', () => {
  const clock = [39_999, 40_000, 40_001] as Instant[];
  const readsTwice: RaceCall = {
    name: 'laptop',
    run: async ({ pool }) => {
      const ms = `SELECT extract(epoch FROM now() - '2000-01-01 00:00:00+00') * 1000 AS ms`;
      const times = [await pool.query(ms), await pool.query(ms)].map(({ rows }) => Number(rows[0]?.ms));
      return times.join(' to ');
    },
  };

  test('stands at each instant before, between and after the statements', async () => {
    const { schedules, outcomes } = await count(lane, [readsTwice], { mode: 'raw', clock });
    expect(schedules).toBe(10);
    expect(Object.keys(outcomes).toSorted()).toEqual(
      [0, ...clock].flatMap((from, i) => [0, ...clock].slice(i).map((to) => `${from} to ${to}`)).toSorted(),
    );
  });

  test('a statement that does not read it need not be tried with each of its instants', async () => {
    const reads: RaceCall = {
      name: 'laptop',
      run: async ({ pool }) => (await pool.query('SELECT device FROM seats')).rowCount,
    };
    expect((await count(lane, [reads], { clock })).schedules).toBe(1);
    expect((await count(lane, [readsTwice], { clock })).schedules).toBe(10);
  });
});

describe('steps outside the database', () => {
  const shared = { value: 0 };
  const increment: RaceCall['run'] = async ({ step }) => {
    const read = await step('read', () => shared.value);
    await step('write', () => (shared.value = read + 1));
    return shared.value;
  };
  const calls = ['a', 'b'].map((name) => ({ name, run: increment }));

  test('take part in the order, without a database: 6 orders, in 4 of which one increment is lost', async () => {
    const ground = memoryGround(() => (shared.value = 0));
    const ends: Record<string, number> = {};
    const { schedules } = await count(ground, calls, {
      mode: 'raw',
      look: () => Promise.resolve((ends[shared.value] = (ends[shared.value] ?? 0) + 1)),
    });
    expect(schedules).toBe(6);
    expect(ends[2]).toBe(2);
  });

  test('and between statements', async () => {
    const cached: RaceCall = {
      name: 'cached',
      run: async ({ pool, step }) => {
        const known = await step('cache', () => shared.value);
        await pool.query('SELECT 1 FROM seats');
        return known;
      },
    };
    const { schedules } = await count(lane, [cached, cached], { mode: 'raw' });
    expect(schedules).toBe(6);
  });
});

test('a deadlock is an outcome, and the one that closes the circle is given up', async () => {
  await lane.control.query(`INSERT INTO notes VALUES (1), (2)`);
  await lane.begin('read committed', async () => {
    await lane.control.query(`INSERT INTO notes (id) VALUES (1), (2)`);
    return START;
  });
  const crosswise = (name: string, ids: readonly number[]): RaceCall => ({
    name,
    run: async ({ pool }) => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        for (const id of ids) await client.query('UPDATE notes SET made = now() WHERE id = $1', [id]);
        await client.query('COMMIT');
        return 'done';
      } catch (error) {
        await client.query('ROLLBACK');
        return String(Reflect.get(error as object, 'code'));
      } finally {
        client.release();
      }
    },
  });
  const calls = [crosswise('a', [1, 2]), crosswise('b', [2, 1])];
  const { schedules, outcomes } = await count(lane, calls, { mode: 'raw' });
  expect({ schedules, outcomes }).toEqual({
    schedules: 42,
    outcomes: { 'done, done': 18, '40P01, done': 12, 'done, 40P01': 12 },
  });
  const reduced = await count(lane, calls);
  expect({ schedules: reduced.schedules, outcomes: reduced.outcomes }).toEqual({
    schedules: 8,
    outcomes: { 'done, done': 4, '40P01, done': 2, 'done, 40P01': 2 },
  });
});

/** Every order is played, each once: the counts are those that can be worked out by hand. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { START } from '../../../src/core/time.ts';
import type { RaceCall } from '../../../src/search/race/call.ts';
import type { Lane } from '../../../src/search/race/lane.ts';
import { laneWith } from './lane-for-tests.ts';
import { checkThenClaim, claimIfFree, count, TABLES } from './logins.ts';

let lane: Lane;
beforeAll(async () => {
  lane = await laneWith(TABLES);
});
afterAll(() => lane.close());

const two = (make: (device: string) => ReturnType<typeof claimIfFree>) => [make('laptop'), make('desktop')];

describe('two logins under read committed', () => {
  // 70 shuffles of 4 and 4 statements, less the 20 in which one goes on although it waits.
  test('check, then claim: 50 orders, and in 40 of them both get in', async () => {
    const { schedules, outcomes, rawAtMost } = await count(
      lane,
      two((device) => checkThenClaim(device)),
      { mode: 'raw' },
    );
    expect({ schedules, rawAtMost, outcomes }).toEqual({
      schedules: 50,
      rawAtMost: 70,
      outcomes: { 'granted, granted': 40, 'granted, refused': 5, 'refused, granted': 5 },
    });
  });

  test('with a lock: 24 orders, and one gets in', async () => {
    const { schedules, outcomes } = await count(
      lane,
      two((device) => checkThenClaim(device, 'FOR UPDATE')),
      { mode: 'raw' },
    );
    expect({ schedules, outcomes }).toEqual({
      schedules: 24,
      outcomes: { 'granted, refused': 12, 'refused, granted': 12 },
    });
  });

  test('one conditional statement: 2 orders, and one gets in', async () => {
    const { schedules, outcomes } = await count(lane, two(claimIfFree), { mode: 'raw' });
    expect({ schedules, outcomes }).toEqual({
      schedules: 2,
      outcomes: { 'granted, refused': 1, 'refused, granted': 1 },
    });
  });

  test('one of each class of equivalent orders shows the same outcomes', async () => {
    const { schedules, pruned, outcomes } = await count(
      lane,
      two((device) => checkThenClaim(device)),
    );
    expect({ schedules, pruned, outcomes }).toEqual({
      schedules: 6,
      pruned: 0,
      outcomes: { 'granted, granted': 4, 'granted, refused': 1, 'refused, granted': 1 },
    });
  });

  test('three calls of four statements: 57 classes among 34,650 orders', async () => {
    const calls = ['laptop', 'desktop', 'tablet'].map((device) => checkThenClaim(device));
    const { schedules, rawAtMost, outcomes } = await count(lane, calls);
    expect({ schedules, rawAtMost }).toEqual({ schedules: 57, rawAtMost: 34_650 });
    expect(outcomes['granted, granted, granted']).toBe(30);
  });
});

describe('two logins under stricter levels', () => {
  test.each(['repeatable read', 'serializable'] as const)('%s turns the second claim into an error', async (level) => {
    await lane.begin(level, () => Promise.resolve(START));
    const { schedules, outcomes } = await count(
      lane,
      two((device) => checkThenClaim(device)),
      { mode: 'raw' },
    );
    expect({ schedules, outcomes }).toEqual({
      schedules: 50,
      outcomes: {
        'granted, refused': 5,
        'refused, granted': 5,
        'granted, error 40001': 20,
        'error 40001, granted': 20,
      },
    });
    await lane.begin('read committed', () => Promise.resolve(START));
  });
});

test('a table that a call makes is not there when the next order begins', async () => {
  const makes = (name: string): RaceCall => ({
    name,
    run: async ({ pool }) => {
      const answer = await pool.query('SELECT * FROM made_by_calls').then(
        () => 'was there',
        (error: Error) => String(Reflect.get(error, 'code')),
      );
      await pool.query('CREATE TABLE IF NOT EXISTS made_by_calls (id int)');
      return answer;
    },
  });
  const { schedules, outcomes } = await count(lane, two(makes));
  // 6 shuffles of 2 and 2 statements, and what they touch is not known beforehand.
  expect({ schedules, outcomes }).toEqual({
    schedules: 6,
    outcomes: { '42P01, 42P01': 4, '42P01, was there': 1, 'was there, 42P01': 1 },
  });
});

describe('bounds', () => {
  test('a bound on schedules is met, and said', async () => {
    const { schedules, bound } = await count(
      lane,
      two((device) => checkThenClaim(device)),
      { mode: 'raw', mostSchedules: 7 },
    );
    expect({ schedules, bound }).toEqual({ schedules: 7, bound: '7 schedules' });
  });

  test('as many schedules as there are meet no bound', async () => {
    const { bound } = await count(lane, two(claimIfFree), { mode: 'raw', mostSchedules: 2 });
    expect(bound).toBeNull();
  });

  test('with few switches there are few orders: 2 with one, 6 with two', async () => {
    const calls = two((device) => checkThenClaim(device));
    const once = await count(lane, calls, { mode: 'raw', mostSwitches: 1 });
    const twice = await count(lane, calls, { mode: 'raw', mostSwitches: 2 });
    expect([once.schedules, twice.schedules]).toEqual([2, 6]);
  });
});

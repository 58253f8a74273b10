/** The statements of each call, in the order in which they took effect in a schedule. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { s3 } from '../../../src/core/presets/s3.ts';
import type { Statements } from '../../../src/history/history.ts';
import { designByName } from '../../../src/designs/all.ts';
import { parseCalls } from '../../../src/search/race/case.ts';
import type { Choice } from '../../../src/search/race/schedule.ts';
import { inMemory } from '../../../src/search/race/memory-place.ts';
import { onDatabase, type DatabasePlace } from '../../../src/search/race/place.ts';
import { playAndJudge } from '../../../src/search/race/race.ts';
import { stage, type Place } from '../../../src/search/race/stage.ts';
import { accessOf, deedReader } from '../../../src/search/race/statement.ts';
import { sharedServer } from '../../postgres/shared-server.ts';

let before: DatabasePlace;
let locked: DatabasePlace;
beforeAll(async () => {
  before = await onDatabase(await sharedServer(), designByName('s3-before'));
  locked = await onDatabase(await sharedServer(), designByName('s3-locked'));
});
afterAll(() => Promise.all([before.close(), locked.close()]));

const runs = (...actors: readonly number[]): readonly Choice[] => actors.map((actor) => ({ actor, act: 'runs' }));

/** Of the calls of two starts, played in this order and then to their end. */
async function statementsIn(place: Place, schedule: readonly Choice[]): Promise<readonly (Statements | undefined)[]> {
  const raceCase = {
    calls: parseCalls('start,start'),
    seat: 'fresh',
    isolation: 'read committed',
    extras: [],
  } as const;
  const again = await playAndJudge(await stage(place, raceCase), schedule);
  const events = again?.judged.history.events ?? [];
  return [0, 1].map(
    (call) =>
      events.flatMap((event) => (event.type === 'answered' && event.call === call ? [event.statements] : []))[0],
  );
}

test('two starts that check, and then claim', async () => {
  expect(await statementsIn(before, runs(0, 1))).toEqual([
    { count: 2, first: 0, last: 3, lastWrite: 3 },
    { count: 2, first: 1, last: 2, lastWrite: 2 },
  ]);
  expect(await statementsIn(before, runs(0, 0, 1))).toEqual([
    { count: 2, first: 0, last: 1, lastWrite: 1 },
    { count: 1, first: 2, last: 2, lastWrite: null },
  ]);
});

test('a statement that waits counts when it goes on; BEGIN and COMMIT do not count', async () => {
  const [first, second] = await statementsIn(locked, runs(0, 0, 1, 1));
  expect(first?.last).toBeLessThan(second?.first ?? -1);
  expect(first?.count).toBe(2);
});

test('two starts of a server over stores in memory', async () => {
  const place = inMemory({ ...designByName('s3-before'), policy: s3 });
  const [first, second] = await statementsIn(place, runs(0, 1));
  expect([first?.first, second?.first]).toEqual([0, 1]);
  expect(first?.lastWrite).not.toBeNull();
});

const read = deedReader({ tables: new Map([['seats', 'seats']]), opaque: new Set(), schemas: new Set() });

test.each([
  ['SELECT 1 FROM seats', 'reads'],
  ['SELECT 1 FROM seats FOR UPDATE', 'writes'],
  ['UPDATE seats SET a = 1', 'writes'],
  ['SELECT pg_try_advisory_lock(1)', 'writes'],
  ['BEGIN', null],
  ['COMMIT', null],
  ['ROLLBACK TO SAVEPOINT a', null],
  ['SAVEPOINT a', null],
  ['SET LOCAL search_path = x', null],
])('%s: %s', (sql, access) => {
  expect(accessOf(sql, read(sql))).toBe(access);
});

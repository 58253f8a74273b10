/** The instants to which the clock moves: just before, at and just after each that may decide something. */
import { expect, test } from 'vitest';
import { recommended } from '../../../src/core/presets/recommended.ts';
import { seconds } from '../../../src/core/time.ts';
import { parseCalls, type SeatState } from '../../../src/search/race/case.ts';
import { referenceDesign } from '../../../src/designs/reference.ts';
import { design } from '../../../src/designs/written.ts';
import { inMemory } from '../../../src/search/race/memory-place.ts';
import { stage } from '../../../src/search/race/stage.ts';

/** A heartbeat is sent every 20 s, and a session expires after 60 s. */
const GRACES = { ...recommended, grace: { afterExpiry: seconds(10), afterTakeover: seconds(30) } };

const rows: readonly { seat: SeatState; calls: string; around: readonly number[]; policy?: typeof recommended }[] = [
  { seat: 'fresh', calls: 'start,status', around: [60] },
  { seat: 'live', calls: 'start,heartbeat', around: [60, 80] },
  { seat: 'live', calls: 'end,sweep', around: [60] },
  { seat: 'expired', calls: 'start,sweep', around: [60, 120] },
  { seat: 'ended', calls: 'start,end', around: [80] },
  { seat: 'followed', calls: 'end,status', around: [60, 80] },
  { seat: 'closed', calls: 'start,end', around: [50, 60, 70, 80], policy: GRACES },
  { seat: 'live', calls: 'takeover,end', around: [50, 60, 70, 80], policy: GRACES },
];

test.each(rows)('$calls on $seat: around $around s', async ({ seat, calls, around, policy = recommended }) => {
  const place = inMemory(referenceDesign(policy, ''));
  const raceCase = { calls: parseCalls(calls), seat, isolation: 'read committed', extras: ['clock'] } as const;
  const { clock, now } = await stage(place, raceCase);
  const expected = around.flatMap((s) => [s * 1_000 - 1, s * 1_000, s * 1_000 + 1]).filter((at) => at > now);
  expect(clock).toEqual(expected);
});

/** A start that must be granted before the calls meet, and is not. */
const starts: readonly { says: string; start: () => unknown; told: string }[] = [
  {
    says: 'throws',
    start: () => {
      throw Object.assign(new Error('relation "sessions" does not exist'), { code: '42P01' });
    },
    told: 'laptop: start failed before the race, with no other call under way: SQLSTATE 42P01, relation "sessions" does not exist',
  },
  {
    says: 'returns an invalid reply',
    start: () => ({ type: 'granted', term: -1 }),
    told: 'laptop: start was answered with an invalid reply before the race: term is -1; it must be a whole number from 0 up that rises with every grant',
  },
  {
    says: 'is refused on an empty seat',
    start: () => ({ type: 'refused' }),
    told: `on an empty seat a start of mine was answered 'refused'; it must be granted before anything can be raced`,
  },
];

test.each(starts)('reports a start that $says', async ({ start, told }) => {
  const place = inMemory(
    design({ name: 'mine', policy: recommended, serve: () => ({ start: start as never, heartbeat: start as never }) }),
  );
  const raceCase = { calls: parseCalls('heartbeat'), seat: 'live', isolation: 'read committed', extras: [] } as const;
  await expect(stage(place, raceCase)).rejects.toThrow(told);
});

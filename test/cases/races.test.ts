/** Small services after mistakes that were reported in public: each race has the verdict that the service deserves. */
import { afterAll, expect, onTestFinished, test } from 'vitest';
import type { Design } from '../../src/designs/design.ts';
import { parseCalls, seatFor, type SeatState } from '../../src/search/race/case.ts';
import { onDatabase, type DatabasePlace } from '../../src/search/race/place.ts';
import { isInconclusive, race, type RaceResult } from '../../src/search/race/race.ts';
import { openDatabase } from '../../src/postgres/server.ts';
import { sharedServer } from '../postgres/shared-server.ts';
import { endsById, repeatsCondition } from './09-reaper/service.ts';
import { renewsConditionally, savesWholeRow } from './16-save-undoes-end/service.ts';
import { closesExpired, refuses, throws } from './22-expired-row-blocks/service.ts';
import { tryLock } from './26-try-lock-lanes/service.ts';
import { atomic, naive } from './30-plain-answers/service.ts';

const places = new Map<string, DatabasePlace>();
afterAll(async () => {
  for (const place of places.values()) await place.close();
});

async function placeOf(design: Design): Promise<DatabasePlace> {
  const place = places.get(design.name) ?? (await onDatabase(await sharedServer(), design));
  places.set(design.name, place);
  return place;
}

async function raceOf(design: Design, calls: string, seat?: SeatState): Promise<RaceResult> {
  const specs = parseCalls(calls);
  const raceCase = { calls: specs, seat: seat ?? seatFor(specs), isolation: 'read committed', extras: [] } as const;
  return race([await placeOf(design)], raceCase);
}

interface Row {
  readonly says: string;
  readonly design: Design;
  readonly calls: string;
  readonly seat?: SeatState;
  readonly breaks: readonly string[];
  readonly keeps?: readonly string[];
}

const rows: readonly Row[] = [
  {
    says: '09: a clean-up that ends by id takes a session that was just renewed',
    design: endsById,
    calls: 'heartbeat,sweep',
    breaks: ['P19'],
  },
  {
    says: '09: a clean-up that repeats its condition takes no renewed session',
    design: repeatsCondition,
    calls: 'heartbeat,sweep',
    breaks: [],
  },
  {
    says: '16: a heartbeat that saves the whole row revives an ended session',
    design: savesWholeRow,
    calls: 'heartbeat,end',
    breaks: ['P4'],
  },
  {
    says: '16: a conditional renewal revives no session',
    design: renewsConditionally,
    calls: 'heartbeat,end',
    breaks: [],
  },
  {
    says: '22: an expired row makes a start throw',
    design: throws,
    calls: 'start',
    seat: 'expired',
    breaks: ['P0', 'P13'],
  },
  {
    says: '22: a declared error is an answer, and still locks the user out',
    design: { ...throws, name: 'one-pending-declares', errors: ['23505'] },
    calls: 'start',
    seat: 'expired',
    breaks: ['P13'],
    keeps: ['P0'],
  },
  {
    says: '22: an expired row makes a start refuse',
    design: refuses,
    calls: 'start',
    seat: 'expired',
    breaks: ['P13'],
  },
  {
    says: '22: a start that closes an expired row first is granted',
    design: closesExpired,
    calls: 'start',
    seat: 'expired',
    breaks: [],
  },
  { says: '30: a plain login in one statement', design: atomic, calls: 'start,start', breaks: [] },
  {
    says: '30: a plain login on an expired seat',
    design: atomic,
    calls: 'start',
    seat: 'expired',
    breaks: [],
  },
  { says: '30: a plain login, a heartbeat and an end', design: atomic, calls: 'start,heartbeat,end', breaks: [] },
  { says: '30: a plain login that checks first', design: naive, calls: 'start,start', breaks: ['P1'] },
];

test.each(rows)('$says ($calls: $breaks)', async ({ design, calls, seat, breaks, keeps = [] }) => {
  const result = await raceOf(design, calls, seat);
  expect([...result.broken.keys()]).toEqual(expect.arrayContaining([...breaks]));
  expect(result.kept).toEqual(expect.arrayContaining([...keeps]));
  expect(isInconclusive(result)).toBe(false);
  if (breaks.length === 0) expect([...result.broken]).toEqual([]);
  // The finding that is told first is the one of the case.
  else expect(result.findings.map(({ law }) => law)).toEqual(expect.arrayContaining(breaks.slice(0, 1)));
});

test('16: probes show that the ended session holds again', async () => {
  const { findings } = await raceOf(savesWholeRow, 'heartbeat,end');
  const events = findings.find(({ law }) => law === 'P4')?.history.events ?? [];
  const probes = events.filter((event) => event.type === 'called').filter(({ probe }) => probe === true);
  const answers = probes.map(({ call, actor, command }) => {
    const answer = events.find((event) => event.type === 'answered' && event.call === call);
    return [actor, command.type, answer?.type === 'answered' ? answer.reply.type : 'none'].join(' ');
  });
  expect(answers).toEqual(['laptop heartbeat renewed', 'stranger start refused']);
});

test('22: the error of the start is named by its SQLSTATE', async () => {
  const { outcomes, findings } = await raceOf(throws, 'start', 'expired');
  expect([...outcomes.keys()]).toEqual(['error 23505']);
  expect(findings.some(({ finding }) => finding.why?.includes('23505') === true)).toBe(true);
});

test('26: a start that only tries its lock is proved, on one lane and on two', async () => {
  const other = await onDatabase(await openDatabase(await sharedServer()), tryLock);
  onTestFinished(() => other.close());
  const own = await placeOf(tryLock);
  const raceCase = {
    calls: parseCalls('start,heartbeat,end'),
    seat: 'live',
    isolation: 'read committed',
    extras: [],
  } as const;
  for (const lanes of [[own], [own, other]]) {
    const result = await race(lanes, raceCase);
    expect([...result.broken]).toEqual([]);
    expect(isInconclusive(result)).toBe(false);
    expect(result.schedules).toBe(104);
  }
});

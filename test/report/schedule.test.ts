/** A schedule as people read it: who waits for whom, how it goes on, what the clock does. */
import { describe, expect, test } from 'vitest';
import type { Instant } from '../../src/core/time.ts';
import { scheduleLines, type DrawnEvent } from '../../src/report/schedule.ts';
import { racesAsJson } from '../../src/report/race-json.ts';
import { raceReport, type RaceReport } from '../../src/report/race-report.ts';
import { mutantTable, proofText } from '../../src/report/race-proof.ts';

const event = (actor: number, what: string, more: Partial<DrawnEvent> = {}): DrawnEvent => ({
  actor,
  act: 'runs',
  what,
  outcome: { type: 'done', rows: null },
  waitsFor: [],
  released: [],
  answered: [],
  clock: 0 as Instant,
  ...more,
});

const drawing = {
  columns: ['desktop: start', 'sweep job'],
  answers: ['granted, term 2, until 60s', ''],
  probes: [],
  events: [
    event(0, 'BEGIN'),
    event(0, 'UPDATE seats SET device = $2 WHERE license = $1', { outcome: { type: 'done', rows: 1 } }),
    event(
      1,
      'DELETE FROM seats WHERE last_heartbeat < now() - make_interval(secs => $1) RETURNING license, device, term',
      {
        outcome: null,
        waitsFor: [0],
      },
    ),
    event(2, 'clock', { clock: 60_000 as Instant }),
    event(0, 'COMMIT', { released: [{ actor: 1, outcome: { type: 'done', rows: 0 } }], answered: [0] }),
    event(1, 'INSERT INTO log VALUES ($1)', { outcome: { type: 'failed', code: '23505', message: 'duplicate key' } }),
    event(1, 'COMMIT', { act: 'crashes', outcome: { type: 'unheard' } }),
    event(1, 'COMMIT', { act: 'loses-answer' }),
    event(1, 'COMMIT', { act: 'loses-statement', outcome: { type: 'failed', code: 'lost', message: 'x' } }),
    event(1, 'DELETE FROM seats', { act: 'dies-waiting', outcome: null, waitsFor: [0] }),
    event(0, 'ROLLBACK', { released: [{ actor: 1, outcome: { type: 'done', rows: 1 } }] }),
  ],
};

test('columns, waits, and what goes on', async () => {
  await expect(`${scheduleLines(drawing).join('\n')}\n`).toMatchFileSnapshot('golden/schedule.txt');
});

test('probes below the columns', () => {
  const probes = ['heartbeat of laptop → renewed until 80s', 'start of stranger → refused'];
  const lines = scheduleLines({ ...drawing, events: [], probes });
  expect(lines.slice(1)).toEqual([
    'at rest   probe: heartbeat of laptop → renewed until 80s',
    '          probe: start of stranger → refused',
  ]);
});

const report: RaceReport = {
  design: 'mine',
  where: 'PostgreSQL 18.4 (embedded), read committed',
  calls: '1 start and 1 sweep',
  seat: 'a seat whose holder has just expired',
  extras: ['the clock passes each deadline'],
  granularity: 'statements taken whole: what happens within one is not interleaved',
  schedules: 120,
  pruned: 2,
  chosen: 0,
  rawAtMost: 34_650,
  reduced: true,
  outcomes: [
    ['granted, swept', 100],
    ['refused, swept', 20],
  ],
  broken: [],
  unrepeated: [],
  kept: ['P1', 'P19', 'linearizability'],
  notJudged: [
    ['P9', 'the service does not tell which session a start replaced'],
    ['P6', 'nothing is recorded of what the store held'],
    ['P22', 'nothing is recorded of what the store held'],
  ],
  succeeded: true,
  undecided: [],
  bound: null,
  wallMs: 240,
  findings: [],
};

// What a race that broke something and one that proved something say is in the golden files of real races.
describe('a race', () => {
  test.each([
    {
      name: 'race-inconclusive',
      report: { ...report, bound: '120 schedules', chosen: 1, undecided: ['linearizability'] },
    },
    {
      name: 'race-untested',
      report: { ...report, unrepeated: [['P15', 1]] as const, kept: [], succeeded: false, outcomes: [] },
    },
  ])('$name', async ({ name, report: each }) => {
    await expect(raceReport(each, false)).toMatchFileSnapshot(`golden/${name}.txt`);
  });
});

test('a race whose steps can fail states no bound on its orders', () => {
  const text = raceReport({ ...report, rawAtMost: null }, false);
  expect(text).toContain('120 orders, one for each class of equivalent ones; 2 given up early');
});

test('a race as JSON tells what was not judged and why, and how fine the steps are', () => {
  const [race] = (JSON.parse(racesAsJson([report])) as { races: Record<string, unknown>[] }).races;
  expect(race).toMatchObject({
    outcome: 'proved',
    granularity: report.granularity,
    laws: {
      kept: report.kept,
      not_judged: report.notJudged.map(([code, reason]) => ({ code, reason })),
    },
  });
});

test('a proof, and the guards', async () => {
  const proof = {
    design: 'reference',
    where: 'memory',
    sizes: 'every pair',
    cases: 125,
    schedules: 250,
    rawAtMost: 250,
    broken: 0,
    inconclusive: 0,
    wallMs: 900,
    notJudged: report.notJudged,
    granularity: report.granularity,
  };
  const kept = [['P1', 90] as const, ['P4', 12] as const];
  const rows = [
    { where: 'start', guard: 'the lock of the row', by: 'start, start on fresh', laws: ['P1', 'P9'], schedules: 12 },
    { where: 'end', guard: 'nothing at all', by: null, laws: [], schedules: 1_234 },
  ];
  const text = [
    proofText({ ...proof, kept }, false),
    proofText({ ...proof, kept, broken: 2, inconclusive: 1 }, false),
    proofText({ ...proof, kept, inconclusive: 1 }, false),
    mutantTable(rows, false),
  ].join('\n');
  await expect(text).toMatchFileSnapshot('golden/race-proof.txt');
});

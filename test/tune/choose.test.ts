/** The choice: the front, the recommendation, its neighbours, and which wish to relax. */
import { beforeAll, describe, expect, test } from 'vitest';
import { seconds } from '../../src/core/time.ts';
import { paretoFront } from '../../src/tune/choose/front.ts';
import { recommend } from '../../src/tune/choose/recommend.ts';
import { keeps, readWishes } from '../../src/tune/choose/wishes.ts';
import { judgeClaims } from '../../src/tune/claims.ts';
import { USUAL } from '../../src/tune/conditions/conditions.ts';
import { gridOf, type Figures } from '../../src/tune/forms/figures.ts';
import { ready } from '../../src/tune/forms/latency.ts';

let grid: readonly Figures[] = [];

beforeAll(async () => {
  await ready;
  const every5 = (from: number, to: number): readonly ReturnType<typeof seconds>[] =>
    Array.from({ length: (to - from) / 5 + 1 }, (_, index) => seconds(from + 5 * index));
  grid = gridOf(every5(5, 60), every5(10, 120), USUAL);
});

const pair = ({ heartbeat, timeout }: { heartbeat: number; timeout: number }): string =>
  `${heartbeat / 1000}/${timeout / 1000}`;

describe('the front', () => {
  test('has no pair that another one beats, and beats every pair that is not on it', () => {
    const front = paretoFront(grid);
    // A rarer false expiry than one in a thousand years of a device is no better.
    const rounded = (falseExpiries: number): number => Math.max(1e-6, Number(falseExpiries.toPrecision(3)));
    const beats = (a: Figures, b: Figures): boolean =>
      rounded(a.falseExpiries) <= rounded(b.falseExpiries) &&
      a.recovery.max <= b.recovery.max &&
      a.writes <= b.writes &&
      pair(a) !== pair(b);
    const isBeaten = (each: Figures): boolean => grid.some((other) => beats(other, each) && !beats(each, other));
    const onFront = new Set(front.map(pair));
    expect(grid.filter((each) => !isBeaten(each)).map(pair)).toEqual([...onFront]);
    expect(front.length).toBeLessThan(grid.length / 1.5);
    expect(front.map(pair)).not.toContain('20/55');
  });
});

describe('the recommendation', () => {
  test('keeps every wish, and its neighbours say what they break or make worse', () => {
    const wishes = readWishes('false-expiry<=1/day, recovery-max<=60s, writes<=100/s, overlap=0');
    const found = recommend(grid, wishes);
    if (found.type !== 'found') throw new Error('there is such a pair');
    expect(wishes.every((wish) => keeps(wish, found.chosen))).toBe(true);
    // 15/35 has as few writes; a timeout above three heartbeats is worth the 5 s.
    expect(pair(found.chosen)).toBe('15/35');
    expect(found.tightest?.wish.metric).toBe('writes');
    expect(found.neighbours.map((each) => [each.step, pair(each)])).toEqual([
      ['shorter heartbeat', '10/35'],
      ['longer heartbeat', '20/35'],
      ['shorter timeout', '15/30'],
      ['longer timeout', '15/40'],
    ]);
    const [, longerBeat] = found.neighbours;
    expect(longerBeat?.breaks.map(({ wish }) => wish.metric)).toEqual(['false-expiry']);
    for (const neighbour of found.neighbours) {
      expect(neighbour.breaks.length + neighbour.worse.length).toBeGreaterThan(0);
    }
  });

  test('has most to spare where wishes pull apart', () => {
    const wishes = readWishes('recovery-max<=60s, writes<=100/s');
    const found = recommend(grid, wishes);
    // Spare 2 on either: 30 s of timeout, 20 s of heartbeat.
    expect(found.type === 'found' && pair(found.chosen)).toMatch(/^(20\/30|25\/30)$/);
  });

  test('of nothing that keeps the wishes: which one to relax, and to what', () => {
    const wishes = readWishes('false-expiry<=0.01/day, recovery-max<=20s, writes<=50/s');
    const none = recommend(grid, wishes);
    if (none.type !== 'none') throw new Error('there is no such pair');
    // Each alone is enough, so that nobody is told to give up two things for one.
    expect(none.relaxations.map(({ wishes: relaxed }) => relaxed.length)).toEqual([1, 1]);
    expect(none.relaxations.flatMap(({ wishes: relaxed }) => relaxed.map(({ to }) => to?.text))).toContain(
      'recovery-max<=65s',
    );
  });

  test.each([
    'false-expiry<=0.01/day, recovery-max<=20s, writes<=50/s',
    'recovery-mean<20s, writes<20/s',
    'bytes<=9kB/s, recovery-mean<=18s',
    'outage>=2h, recovery-p95<=100s',
    'misses>=9, writes<=60/s',
    'false-expiry<=0.0000001/day, recovery-max<=10s, writes<=10/s, overlap=0',
  ])('what is asked for as relaxed is found, and is the pair that was named: %s', (text) => {
    const wishes = readWishes(text);
    const none = recommend(grid, wishes);
    if (none.type !== 'none') throw new Error('there is no such pair');
    expect(none.relaxations.length).toBeGreaterThan(0);
    for (const { wishes: relaxed, pair: named } of none.relaxations) {
      const again = wishes.map((wish) => relaxed.find((each) => each.wish === wish)?.to ?? wish);
      // As it is read back from what is shown.
      const read = readWishes(again.map((wish) => wish.text).join(', '));
      expect(read.every((wish) => keeps(wish, named))).toBe(true);
      expect(recommend(grid, read).type).toBe('found');
    }
  });

  test('what nothing keeps at any bound is to be left out', () => {
    const unfenced = gridOf([seconds(20)], [seconds(60)], { ...USUAL, fence: 'none' });
    const none = recommend(unfenced, readWishes('overlap=0'));
    expect(none.type === 'none' && none.relaxations[0]?.wishes[0]?.to).toBeNull();
  });

  test('a neighbour that is hardly worse says in what it is', () => {
    const swept = gridOf(
      [seconds(20)],
      [40, 60, 70].map((each) => seconds(each)),
      { ...USUAL, sweep: seconds(3600) },
    );
    const found = recommend(swept, readWishes('recovery-max<=1.1h, false-expiry<=10/day'));
    const neighbours = found.type === 'found' ? found.neighbours : [];
    expect(neighbours.length).toBeGreaterThan(0);
    for (const { breaks, worse } of neighbours) expect(breaks.length + worse.length).toBeGreaterThan(0);
  });

  test('where one wish is not enough, several are relaxed together', () => {
    const wishes = readWishes('false-expiry<=0.0000001/day, recovery-max<=10s, writes<=10/s, overlap=0');
    const none = recommend(grid, wishes);
    if (none.type !== 'none') throw new Error('there is no such pair');
    expect(none.relaxations[0]?.wishes.length).toBeGreaterThan(1);
  });
});

test("S3's claims: crash detection is true; one missed heartbeat, +33 % and 5 bytes are not", () => {
  const { claims, before, after } = judgeClaims(USUAL);
  expect(claims.map(({ verdict }) => verdict)).toEqual([
    'true',
    'not true',
    'not true',
    'not true',
    'not true',
    'true',
    'half true',
  ]);
  expect(claims[3]?.why).toContain('+50 %');
  expect(claims[4]?.why).toContain('+8.33 B/s');
  expect(claims[5]?.why).toContain('50 writes a second instead of 33.3');
  expect([before.falseExpiries, after.falseExpiries].map((value) => Number(value.toPrecision(3)))).toEqual([
    14.4, 21.6,
  ]);
});

test("S3's claims are judged with S3's clients, whatever those that are asked about do", () => {
  const asked = { ...USUAL, retries: 5, loop: 'sequential', sweep: seconds(300) } as const;
  expect(judgeClaims(asked)).toEqual(judgeClaims(USUAL));
});

/** A schedule as a file is read back as it was written, and nothing else is taken for one. */
import { describe, expect, test } from 'vitest';
import { parseCalls, type RaceCase } from '../../../src/search/race/case.ts';
import { decodeSchedule, encodeSchedule, type Saved } from '../../../src/search/race/saved.ts';

const raceCase: RaceCase = {
  calls: parseCalls('start,start:laptop,sweep'),
  seat: 'expired',
  isolation: 'repeatable read',
  extras: ['clock', 'lost'],
};
const saved: Saved = {
  design: './mine.race.ts',
  on: 'postgres',
  raceCase,
  schedule: [
    { actor: 0, act: 'runs' },
    { actor: 3, act: 'runs' },
    { actor: 1, act: 'crashes' },
    { actor: 0, act: 'loses-answer' },
    { actor: 2, act: 'loses-statement' },
    { actor: 1, act: 'dies-waiting' },
    { actor: 0, act: 'runs', wakes: [2, 1] },
  ],
  law: 'P1',
  message: 'two at once',
};

test('what is written is read back', () => {
  expect(decodeSchedule(encodeSchedule(saved), 'x.json')).toEqual(saved);
});

describe('what is no schedule', () => {
  const change = (from: string, to: string): string => encodeSchedule(saved).replace(from, to);
  const rows = [
    { says: 'no JSON', text: 'x', message: 'it is not complete JSON' },
    { says: 'cut short', text: encodeSchedule(saved).slice(0, -9), message: 'it is not complete JSON' },
    { says: 'another version', text: change('"version": 1', '"version": 2'), message: 'it has version 2' },
    { says: 'no calls', text: change('"calls"', '"cals"'), message: `it has no 'calls'` },
    { says: 'an unknown level', text: change('repeatable read', 'snapshot'), message: `'snapshot' is no isolation` },
    { says: 'an unknown step', text: change('1!', '1#'), message: `'1#' is no step of a schedule` },
  ];
  test.each(rows)('$says', ({ text, message }) => {
    expect(() => decodeSchedule(text, 'x.json')).toThrow(message);
  });
});

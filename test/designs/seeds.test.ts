/** The systems of the notes: each schedule breaks what is said of it before the fix and after it, and nothing once repaired. */
import { describe, expect, it } from 'vitest';
import { designByName } from '../../src/designs/all.ts';
import { ROWS } from './seed-schedules.ts';
import { brokenBy } from './schedule.ts';

describe.each(ROWS)('$system: $says', ({ system, schedule, before, after }) => {
  it.each([
    ['before', before],
    ['after', after],
    ['repaired', ''],
  ])('%s', (state, breaks) => {
    const expected = breaks === '' ? [] : breaks.split(' ');
    expect(brokenBy(designByName(`${system}-${state}`), schedule)).toEqual(expected);
  });
});
